/// A product of small matrices in SIMD loops, without a call to oneDNN.
///
/// If the right operand is row-major, the kernel sums sixteen columns of two rows over the depth.
/// If it is column-major, the kernel computes dot products of one row with two columns. The order
/// of every sum depends only on the shape.
package struct SmallProduct: PrimitiveImplementation {
  private let shape: ProductShape

  /// Makes the implementation.
  ///
  /// - Parameter shape: at most one operand is transposed, and the right operand and the result
  ///   have no gaps.
  package init(shape: ProductShape) { self.shape = shape }

  package var name: String { "swift:small" }

  package func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    let operands = SmallOperands(shape, operands)
    return shape.right == .rowMajor
      ? SmallRowProduct(product: operands) : SmallDotProduct(product: operands)
  }
}

/// The extents and operands of both loops, and the functions that finish sums.
private struct SmallOperands: Sendable {
  let rows: Int
  let depth: Int
  let columns: Int
  let leftRowStride: Int
  let leftDepthStride: Int
  let left: FloatView
  let right: FloatView
  let hasBias: Bool
  let bias: FloatView
  let result: FloatView
  /// The slope of a ReLU, which the loops apply to sums in registers. 1 without a ReLU.
  let slope: Float
  /// Another function, which a second pass applies. Its cost is that of the function itself.
  let nonlinearity: Nonlinearity?

  init(_ shape: ProductShape, _ operands: [FloatView]) {
    (rows, depth, columns) = (shape.rows, shape.depth, shape.columns)
    (leftRowStride, leftDepthStride) = shape.leftStrides
    left = operands[0].checked(shape.leftSpan)
    right = operands[1].checked(shape.depth * shape.columns)
    result = operands[operands.count - 1].checked(shape.rows * shape.columns)
    hasBias = shape.hasBias
    bias = operands[shape.hasBias ? 2 : operands.count - 1].checked(shape.columns)
    if case .relu(let slope) = shape.nonlinearity {
      (self.slope, nonlinearity) = (slope, nil)
    } else {
      (slope, nonlinearity) = (1, shape.nonlinearity)
    }
  }

  @inline(__always)
  func finish(_ sum: SIMD8<Float>, _ row: Int, _ column: Int) {
    result.store(
      sum.replacing(with: sum * slope, where: sum .<= 0), row &* columns &+ column)
  }

  @inline(__always)
  func finish(_ sum: SIMD4<Float>, _ row: Int, _ column: Int) {
    result.store(
      sum.replacing(with: sum * slope, where: sum .<= 0), row &* columns &+ column)
  }

  @inline(__always)
  func finish(_ sum: Float, _ row: Int, _ column: Int) {
    result[row &* columns &+ column] = sum <= 0 ? sum * slope : sum
  }

  func finishAll() {
    guard let nonlinearity else { return }
    for index in 0..<rows * columns { result[index] = nonlinearity.value(result[index]) }
  }
}

/// The product with a row-major right operand, depth × columns.
private struct SmallRowProduct: Kernel {
  let product: SmallOperands

  func run() {
    let (rows, columns) = (product.rows, product.columns)
    var row = 0
    while row < rows {
      // A last row without a partner is computed twice.
      let second = min(row &+ 1, rows &- 1)
      var column = 0
      while column &+ 16 <= columns {
        block16(row, second, column)
        column &+= 16
      }
      while column &+ 4 <= columns {
        block4(row, second, column)
        column &+= 4
      }
      while column < columns {
        single(row, column)
        single(second, column)
        column &+= 1
      }
      row &+= 2
    }
    product.finishAll()
  }

  /// Computes sixteen columns of two rows.
  @inline(__always)
  private func block16(_ first: Int, _ second: Int, _ column: Int) {
    let zero = SIMD8<Float>(repeating: 0)
    var sum00 = product.hasBias ? product.bias.load8(column) : zero
    var sum01 = product.hasBias ? product.bias.load8(column &+ 8) : zero
    var (sum10, sum11) = (sum00, sum01)
    var left0 = first &* product.leftRowStride
    var left1 = second &* product.leftRowStride
    var right = column
    for _ in 0..<product.depth {
      let (right0, right1) = (product.right.load8(right), product.right.load8(right &+ 8))
      let (value0, value1) = (product.left[left0], product.left[left1])
      sum00 += right0 * value0
      sum01 += right1 * value0
      sum10 += right0 * value1
      sum11 += right1 * value1
      left0 &+= product.leftDepthStride
      left1 &+= product.leftDepthStride
      right &+= product.columns
    }
    product.finish(sum00, first, column)
    product.finish(sum01, first, column &+ 8)
    product.finish(sum10, second, column)
    product.finish(sum11, second, column &+ 8)
  }

  /// Computes four columns of two rows.
  @inline(__always)
  private func block4(_ first: Int, _ second: Int, _ column: Int) {
    var sum0 = product.hasBias ? product.bias.load4(column) : SIMD4<Float>(repeating: 0)
    var sum1 = sum0
    var left0 = first &* product.leftRowStride
    var left1 = second &* product.leftRowStride
    var right = column
    for _ in 0..<product.depth {
      let vector = product.right.load4(right)
      sum0 += vector * product.left[left0]
      sum1 += vector * product.left[left1]
      left0 &+= product.leftDepthStride
      left1 &+= product.leftDepthStride
      right &+= product.columns
    }
    product.finish(sum0, first, column)
    product.finish(sum1, second, column)
  }

  @inline(__always)
  private func single(_ row: Int, _ column: Int) {
    var sum: Float = product.hasBias ? product.bias[column] : 0
    var left = row &* product.leftRowStride
    var right = column
    for _ in 0..<product.depth {
      sum += product.left[left] * product.right[right]
      left &+= product.leftDepthStride
      right &+= product.columns
    }
    product.finish(sum, row, column)
  }
}

/// The product with a row-major left operand, rows × depth, and a transposed right one, columns ×
/// depth.
private struct SmallDotProduct: Kernel {
  let product: SmallOperands

  func run() {
    for row in 0..<product.rows {
      var column = 0
      while column &+ 2 <= product.columns {
        pair(row, column)
        column &+= 2
      }
      if column < product.columns { single(row, column) }
    }
    product.finishAll()
  }

  /// Computes two columns of one row.
  @inline(__always)
  private func pair(_ row: Int, _ column: Int) {
    let (depth, left) = (product.depth, row &* product.leftRowStride)
    let (right0, right1) = (column &* depth, (column &+ 1) &* depth)
    var sums0 = SIMD8<Float>(repeating: 0)
    var sums1 = SIMD8<Float>(repeating: 0)
    var index = 0
    while index &+ 8 <= depth {
      let vector = product.left.load8(left &+ index)
      sums0 += vector * product.right.load8(right0 &+ index)
      sums1 += vector * product.right.load8(right1 &+ index)
      index &+= 8
    }
    var (sum0, sum1) = (sums0.sum(), sums1.sum())
    while index < depth {
      sum0 += product.left[left &+ index] * product.right[right0 &+ index]
      sum1 += product.left[left &+ index] * product.right[right1 &+ index]
      index &+= 1
    }
    product.finish(product.hasBias ? sum0 + product.bias[column] : sum0, row, column)
    product.finish(product.hasBias ? sum1 + product.bias[column &+ 1] : sum1, row, column &+ 1)
  }

  @inline(__always)
  private func single(_ row: Int, _ column: Int) {
    let (depth, left) = (product.depth, row &* product.leftRowStride)
    let right = column &* depth
    var sums = SIMD8<Float>(repeating: 0)
    var index = 0
    while index &+ 8 <= depth {
      sums += product.left.load8(left &+ index) * product.right.load8(right &+ index)
      index &+= 8
    }
    var sum = sums.sum()
    while index < depth {
      sum += product.left[left &+ index] * product.right[right &+ index]
      index &+= 1
    }
    product.finish(product.hasBias ? sum + product.bias[column] : sum, row, column)
  }
}
