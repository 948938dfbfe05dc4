import Glibc
import Kernels
import Oracles
import Testing

/// A product with random operands, its exact result, and the allowed error of a float32 sum.
struct NaiveProduct {
  let shape: ProductShape
  let left: [Float]
  let right: [Float]
  let bias: [Float]?
  let expected: [Double]
  let tolerance: [Double]

  /// Makes a product with random operands from −1 to 1.
  init(_ shape: ProductShape, _ numbers: inout SeededNumbers) {
    self.init(
      shape, left: numbers.floats(shape.leftSpan),
      right: numbers.floats(shape.depth * shape.columns),
      bias: shape.hasBias ? numbers.floats(shape.columns) : nil)
  }

  init(_ shape: ProductShape, left: [Float], right: [Float], bias: [Float]?) {
    (self.shape, self.left, self.right, self.bias) = (shape, left, right, bias)
    let (leftRow, leftDepth) = shape.leftStrides
    let (rightDepth, rightColumn) = shape.rightStrides
    var expected: [Double] = []
    var tolerance: [Double] = []
    for row in 0..<shape.rows {
      for column in 0..<shape.columns {
        var sum = bias.map { Double($0[column]) } ?? 0
        var size = abs(sum)
        for index in 0..<shape.depth {
          let term =
            Double(left[row * leftRow + index * leftDepth])
            * Double(right[index * rightDepth + column * rightColumn])
          sum += term
          size += abs(term)
        }
        expected.append(NaiveProduct.value(of: shape.nonlinearity, sum))
        // Each of depth + 1 roundings adds at most half a unit in the last place of the partial sum
        // (N. J. Higham, "Accuracy and stability of numerical algorithms", 2002, section 3.1).
        // Slopes are at most 1. The nonlinearity's own error is 4e-7.
        tolerance.append(Double(shape.depth + 2) * 0x1p-24 * size + 4e-7)
      }
    }
    (self.expected, self.tolerance) = (expected, tolerance)
  }

  static func value(of nonlinearity: Nonlinearity?, _ x: Double) -> Double {
    switch nonlinearity {
    case nil: x
    case .relu(let slope): x > 0 ? x : Double(slope) * x
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    }
  }

  /// Runs an implementation on guarded memory. Nil if it has overwritten a guard.
  /// - Parameter shift: the number of elements from the beginning of a cache line to an operand.
  func run(_ implementation: any PrimitiveImplementation, shift: Int = 0) throws -> [Float]? {
    let (left, right) = (GuardedMemory(left, shift: shift), GuardedMemory(right, shift: shift))
    let bias = bias.map { GuardedMemory($0, shift: shift) }
    let result = GuardedMemory<Float>(count: expected.count, shift: shift)
    let scratch = GuardedMemory<Float>(count: implementation.scratchCount)
    let packed = try implementation.packing.map { packing in
      let memory = GuardedMemory<Float>(count: packing.count)
      try packing.kernel(from: right.view, to: memory.view).run()
      return memory
    }
    let operands =
      [left.view, (packed ?? right).view] + (bias.map { [$0.view] } ?? []) + [result.view]
    let kernel = try implementation.kernel(
      operands, scratch: implementation.scratchCount > 0 ? scratch.view : nil)
    withExtendedLifetime((left, right, bias, packed)) { kernel.run() }
    guard result.isIntact, scratch.isIntact else { return nil }
    return result.values
  }

  /// Describes the first element with too large an error. Nil if all elements are correct.
  func mismatch(_ result: [Float]?) -> String? {
    guard let result else { return "\(shape): a guard was overwritten" }
    guard result.count == expected.count else { return "\(shape): \(result.count) elements" }
    for (index, value) in result.enumerated() {
      let error = abs(Double(value) - expected[index])
      // The negated comparison also finds NaN.
      if !(error <= tolerance[index]) {
        return "\(shape): element \(index) is \(value) and not \(expected[index])"
      }
    }
    return nil
  }
}

/// The common properties of products that differ only in their extents.
struct ProductFamily: CustomTestStringConvertible {
  var left = ProductShape.Order.rowMajor
  var right = ProductShape.Order.rowMajor
  var isPart = false
  var hasBias = false
  var nonlinearity: Nonlinearity?
  var isRightConstant = false

  var testDescription: String {
    [
      left == .columnMajor ? "leftᵀ" : "left", right == .columnMajor ? "rightᵀ" : "right",
      isPart ? "part of a wider matrix" : nil, hasBias ? "bias" : nil, nonlinearity?.description,
      isRightConstant ? "constant weights" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// Returns a member of the family. If it reads a part of a wider matrix, its rows have gaps.
  func shape(
    rows: Int, depth: Int, columns: Int, _ numbers: inout SeededNumbers
  ) -> ProductShape {
    let pitch = (left == .rowMajor ? depth : rows) + Int.random(in: 1...9, using: &numbers)
    var shape = ProductShape(
      rows: rows, depth: depth, columns: columns, left: left, right: right,
      leftPitch: isPart ? pitch : nil, hasBias: hasBias, nonlinearity: nonlinearity)
    shape.isRightConstant = isRightConstant
    return shape
  }
}
