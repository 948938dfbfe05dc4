import Kernels
import Oracles
import Tensors
import Testing

@Suite("oneDNN's products") struct MatMulTests {
  static let families = [
    ProductFamily(),
    ProductFamily(hasBias: true),
    ProductFamily(right: .columnMajor, hasBias: true),
    ProductFamily(left: .columnMajor),
    ProductFamily(left: .columnMajor, right: .columnMajor),
    ProductFamily(isPart: true, hasBias: true),
    ProductFamily(left: .columnMajor, isPart: true),
    ProductFamily(left: .columnMajor, right: .columnMajor, isPart: true),
    ProductFamily(hasBias: true, nonlinearity: .relu(slope: 0)),
    ProductFamily(right: .columnMajor, hasBias: true, nonlinearity: .relu(slope: 0.25)),
    ProductFamily(hasBias: true, nonlinearity: .sigmoid),
    ProductFamily(right: .columnMajor, hasBias: true, nonlinearity: .tanh),
    ProductFamily(nonlinearity: .tanh),
    ProductFamily(isRightConstant: true),
    ProductFamily(right: .columnMajor, hasBias: true, isRightConstant: true),
    ProductFamily(
      right: .columnMajor, hasBias: true, nonlinearity: .relu(slope: 0), isRightConstant: true),
  ]

  @Test("agree with a plain loop for random shapes", .tags(.slow), arguments: families)
  func randomShapes(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 21)
    for _ in 0..<40 {
      let extents = (0..<3).map { _ in Int.random(in: 1...90, using: &numbers) }
      let shape = family.shape(rows: extents[0], depth: extents[1], columns: extents[2], &numbers)
      let product = NaiveProduct(shape, &numbers)
      #expect(product.mismatch(try product.run(MatMul(shape: shape))) == nil)
    }
  }

  @Test("agree with a plain loop if an extent is 1", arguments: families)
  func thinShapes(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 22)
    for (rows, depth, columns) in [
      (1, 1, 1), (1, 40, 1), (40, 1, 1), (1, 1, 40), (1, 33, 40), (33, 1, 40), (33, 40, 1),
    ] {
      let shape = family.shape(rows: rows, depth: depth, columns: columns, &numbers)
      let product = NaiveProduct(shape, &numbers)
      #expect(product.mismatch(try product.run(MatMul(shape: shape))) == nil)
    }
  }

  @Test(
    "agree with a plain loop for larger shapes", .tags(.slow),
    arguments: [(20, 300, 257), (128, 65, 512)])
  func largerShapes(rows: Int, depth: Int, columns: Int) throws {
    var numbers = SeededNumbers(seed: 23)
    for family in MatMulTests.families {
      let shape = family.shape(rows: rows, depth: depth, columns: columns, &numbers)
      let product = NaiveProduct(shape, &numbers)
      #expect(product.mismatch(try product.run(MatMul(shape: shape))) == nil)
    }
  }

  @Test("have the same bits in every run and every primitive", arguments: families)
  func repetition(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 24)
    let shape = family.shape(rows: 37, depth: 61, columns: 53, &numbers)
    let product = NaiveProduct(shape, &numbers)
    let implementation = try MatMul(shape: shape)
    let first = try #require(try product.run(implementation))
    for _ in 0..<3 {
      #expect(haveSameBits(first, try #require(try product.run(implementation))))
    }
    #expect(haveSameBits(first, try #require(try product.run(MatMul(shape: shape)))))
  }

  /// Computes a weight gradient in tiles of rows. Each tile reads columns of the same matrix.
  @Test("give correct elements in tiles too", arguments: [[16, 16, 16], [32, 7, 9]])
  func tiles(heights: [Int]) throws {
    let (rows, depth, columns) = (48, 70, 33)
    var numbers = SeededNumbers(seed: 25)
    let whole = NaiveProduct(
      ProductShape(rows: rows, depth: depth, columns: columns, left: .columnMajor), &numbers)
    let (left, right) = (GuardedMemory(whole.left), GuardedMemory(whole.right))
    let result = GuardedMemory<Float>(count: rows * columns)
    var start = 0
    for height in heights {
      let tile = start..<start + height
      let shape = ProductShape(
        rows: height, depth: depth, columns: columns, left: .columnMajor, leftPitch: rows)
      let implementation = try MatMul(shape: shape)
      let scratch = GuardedMemory<Float>(count: implementation.scratchCount)
      let operands = [
        left.view[tile.lowerBound..<left.view.count], right.view,
        result.view[tile.lowerBound * columns..<tile.upperBound * columns],
      ]
      let kernel = try implementation.kernel(
        operands, scratch: implementation.scratchCount > 0 ? scratch.view : nil)
      run(kernel, holding: left, right, scratch)
      start += height
    }
    #expect(start == rows)
    #expect(result.isIntact)
    #expect(whole.mismatch(result.values) == nil)
  }

  @Test("read constant weights in the layout that oneDNN chose", arguments: [false, true])
  func packing(isConstant: Bool) throws {
    let family = ProductFamily(right: .columnMajor, isRightConstant: isConstant)
    var numbers = SeededNumbers(seed: 27)
    let shape = family.shape(rows: 64, depth: 100, columns: 100, &numbers)
    #expect((try MatMul(shape: shape).packing != nil) == isConstant)
  }

  @Test("propagate NaN only to dependent elements", arguments: families)
  func notFinite(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 26)
    let shape = family.shape(rows: 33, depth: 20, columns: 40, &numbers)
    let product = NaiveProduct(shape, &numbers)
    var left = product.left
    let (row, depth) = shape.leftStrides
    left[3 * row + 5 * depth] = .nan
    let withNaN = NaiveProduct(shape, left: left, right: product.right, bias: product.bias)
    let result = try #require(try withNaN.run(MatMul(shape: shape)))
    if case .relu(slope: 0) = family.nonlinearity {
      // oneDNN's maximum of NaN and 0 is 0.
      #expect(result[120..<160].allSatisfy { $0 == 0 })
    } else {
      #expect(result[120..<160].allSatisfy { $0.isNaN })
    }
    #expect(!(result[..<120] + result[160...]).contains { $0.isNaN })
  }

  @Test("give the reason why a primitive for invalid extents does not exist")
  func refusal() {
    let shape = ProductShape(rows: -2, depth: 3, columns: 2)
    let error = #expect(throws: KernelError.self) { try MatMul(shape: shape) }
    #expect(error?.message == "oneDNN could not describe a -2x3 matrix: invalid arguments")
  }

  @Test("refuse operands that are too short")
  func shortOperands() async {
    await #expect(processExitsWith: .failure) {
      let shape = ProductShape(rows: 20, depth: 30, columns: 40)
      let (short, right) = (GuardedMemory<Float>(count: 599), GuardedMemory<Float>(count: 1_200))
      _ = try MatMul(shape: shape).kernel(
        [short.view, right.view, right.view], scratch: right.view)
    }
  }

  /// Packs a constant right operand into the layout that oneDNN chose. The product is the same.
  @Test(
    "agree with a plain loop if the right operand has a layout of its own",
    .tags(.slow), arguments: [(16, 784, 512), (1, 65, 130), (37, 40, 17), (64, 512, 10)])
  func constantOperand(rows: Int, depth: Int, columns: Int) throws {
    var numbers = SeededNumbers(seed: 26)
    for right in [ProductShape.Order.rowMajor, .columnMajor] {
      let shape = ProductShape(
        rows: rows, depth: depth, columns: columns, right: right, isRightConstant: true,
        hasBias: true, nonlinearity: .relu(slope: 0))
      let product = NaiveProduct(shape, &numbers)
      let implementation = try MatMul(shape: shape)
      let right = GuardedMemory(product.right)
      let packing = try #require(implementation.packing)
      let packed = GuardedMemory<Float>(count: packing.count)
      try packing.kernel(from: right.view, to: packed.view).run()
      #expect(right.values == product.right && packed.isIntact)
      let (left, bias) = (GuardedMemory(product.left), GuardedMemory(try #require(product.bias)))
      let result = GuardedMemory<Float>(count: rows * columns)
      let scratch = GuardedMemory<Float>(count: implementation.scratchCount)
      try implementation.kernel(
        [left.view, packed.view, bias.view, result.view], scratch: scratch.view
      ).run()
      #expect(product.mismatch(result.values) == nil)
      #expect(result.isIntact)
    }
  }
}
