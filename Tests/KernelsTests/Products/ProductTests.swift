import Kernels
import Oracles
import Testing

@Suite("Products") struct ProductTests {
  static let families = [
    ProductFamily(),
    ProductFamily(hasBias: true),
    ProductFamily(right: .columnMajor, hasBias: true),
    ProductFamily(left: .columnMajor),
    ProductFamily(left: .columnMajor, right: .columnMajor),
    ProductFamily(isPart: true, hasBias: true),
    ProductFamily(left: .columnMajor, isPart: true),
    ProductFamily(right: .columnMajor, isPart: true),
    ProductFamily(left: .columnMajor, right: .columnMajor, isPart: true),
    ProductFamily(hasBias: true, nonlinearity: .relu(slope: 0)),
    ProductFamily(right: .columnMajor, hasBias: true, nonlinearity: .relu(slope: 0.25)),
    ProductFamily(left: .columnMajor, nonlinearity: .relu(slope: 1)),
    ProductFamily(hasBias: true, nonlinearity: .sigmoid),
    ProductFamily(right: .columnMajor, hasBias: true, nonlinearity: .tanh),
    ProductFamily(nonlinearity: .tanh),
    ProductFamily(isRightConstant: true),
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
      let result = try product.run(
        shape.implementation(), shift: Int.random(in: 0..<16, using: &numbers))
      #expect(product.mismatch(result) == nil)
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
      #expect(product.mismatch(try product.run(shape.implementation())) == nil)
    }
  }

  @Test(
    "agree with a plain loop for larger shapes", .tags(.slow),
    arguments: [(20, 300, 257), (128, 65, 512), (16, 784, 64)])
  func largerShapes(rows: Int, depth: Int, columns: Int) throws {
    var numbers = SeededNumbers(seed: 23)
    for family in ProductTests.families {
      let shape = family.shape(rows: rows, depth: depth, columns: columns, &numbers)
      let product = NaiveProduct(shape, &numbers)
      #expect(product.mismatch(try product.run(shape.implementation())) == nil)
    }
  }

  @Test("have the same bits at all places of their operands", arguments: families)
  func placement(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 24)
    let shape = family.shape(rows: 37, depth: 61, columns: 53, &numbers)
    let product = NaiveProduct(shape, &numbers)
    let first = try #require(try product.run(shape.implementation()))
    for shift in 1..<16 {
      let other = try #require(try product.run(shape.implementation(), shift: shift))
      #expect(haveSameBits(first, other))
    }
  }

  /// The unfused kernel multiplies by a slope of 0, and gives negative zeros.
  @Test("fuse ReLU without changing a value", arguments: [Float(0), 0.125, 1])
  func fusedReLU(slope: Float) throws {
    var numbers = SeededNumbers(seed: 14)
    for family in [ProductFamily(hasBias: true), ProductFamily(right: .columnMajor)] {
      var shape = family.shape(rows: 9, depth: 5, columns: 27, &numbers)
      var product = NaiveProduct(shape, &numbers)
      let sums = GuardedMemory(try #require(try product.run(shape.implementation())))
      let expected = GuardedMemory<Float>(count: sums.values.count)
      run(
        nonlinearity(
          .relu(slope: slope), from: sums.view, to: expected.view, count: sums.values.count),
        holding: sums)
      shape.nonlinearity = .relu(slope: slope)
      product = NaiveProduct(shape, left: product.left, right: product.right, bias: product.bias)
      let fused = try #require(try product.run(shape.implementation()))
      #expect(fused == expected.values)
      #expect(slope == 0 || haveSameBits(fused, expected.values))
    }
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
    let result = try #require(try withNaN.run(shape.implementation()))
    #expect(result[120..<160].allSatisfy { $0.isNaN })
    #expect(!(result[..<120] + result[160...]).contains { $0.isNaN })
  }

  @Test("propagate infinities through ReLU")
  func infinite() throws {
    let shape = ProductShape(rows: 3, depth: 2, columns: 21, nonlinearity: .relu(slope: 0.5))
    var left = [Float](repeating: 1, count: 6)
    (left[2], left[4]) = (.infinity, -.infinity)
    let product = NaiveProduct(
      shape, left: left, right: Array(repeating: 1, count: 42), bias: nil)
    let result = try #require(try product.run(shape.implementation()))
    #expect(result[0..<21].allSatisfy { $0 == 2 })
    #expect(result[21..<42].allSatisfy { $0 == .infinity })
    #expect(result[42..<63].allSatisfy { $0 == -.infinity })
  }

  @Test("refuse operands that are too short")
  func shortOperands() async {
    await #expect(processExitsWith: .failure) {
      let shape = ProductShape(rows: 20, depth: 30, columns: 40)
      let (short, right) = (GuardedMemory<Float>(count: 599), GuardedMemory<Float>(count: 8_192))
      _ = try shape.implementation().kernel(
        [short.view, right.view, right.view], scratch: right.view)
    }
  }
}

extension ProductTests {
  private static let whole = ProductShape(
    rows: 48, depth: 300, columns: 70, left: .columnMajor, hasBias: true,
    nonlinearity: .relu(slope: 0.25))

  /// Runs a part of a product on views of the whole operands.
  private func runPart(_ shape: ProductShape, _ operands: [FloatView]) throws {
    let implementation = try shape.implementation()
    let scratch = GuardedMemory<Float>(count: implementation.scratchCount)
    let kernel = try implementation.kernel(
      operands, scratch: implementation.scratchCount > 0 ? scratch.view : nil)
    run(kernel, holding: scratch)
    #expect(scratch.isIntact)
  }

  /// Expects that the parts of a product have the bits of the whole.
  ///
  /// - Parameters:
  ///   - sizes: the rows or columns of each part.
  ///   - part: returns the shape of a part, and its operands from those of the whole.
  private func checkParts(
    _ sizes: [Int], seed: Int,
    _ part: (_ start: Int, _ size: Int, _ whole: [FloatView]) -> (ProductShape, [FloatView])
  ) throws {
    var numbers = SeededNumbers(seed: seed)
    let whole = NaiveProduct(ProductTests.whole, &numbers)
    let expected = try #require(try whole.run(whole.shape.implementation()))
    let (left, right) = (GuardedMemory(whole.left), GuardedMemory(whole.right))
    let bias = GuardedMemory(try #require(whole.bias))
    let result = GuardedMemory<Float>(count: expected.count)
    var start = 0
    for size in sizes {
      let (shape, operands) = part(start, size, [left.view, right.view, bias.view, result.view])
      try runPart(shape, operands)
      start += size
    }
    withExtendedLifetime((left, right, bias)) {}
    #expect(result.isIntact)
    #expect(haveSameBits(result.values, expected))
  }

  /// Each tile reads columns of the left operand, which is transposed.
  @Test("have the bits of the whole in tiles of rows", arguments: [[16, 16, 16], [32, 7, 9]])
  func tilesOfRows(heights: [Int]) throws {
    #expect(heights.reduce(0, +) == ProductTests.whole.rows)
    try checkParts(heights, seed: 25) { start, height, whole in
      var shape = ProductTests.whole
      shape.rows = height
      shape.leftPitch = ProductTests.whole.rows
      let first = start * shape.columns
      return (
        shape,
        [
          whole[0][start..<whole[0].count], whole[1], whole[2],
          whole[3][first..<first + height * shape.columns],
        ]
      )
    }
  }

  /// Each tile reads columns of the right operand, and writes columns of the result.
  @Test("have the bits of the whole in tiles of columns", arguments: [[32, 38], [16, 53, 1]])
  func tilesOfColumns(widths: [Int]) throws {
    #expect(widths.reduce(0, +) == ProductTests.whole.columns)
    try checkParts(widths, seed: 27) { start, width, whole in
      var shape = ProductTests.whole
      shape.columns = width
      (shape.rightPitch, shape.resultPitch) = (
        ProductTests.whole.columns, ProductTests.whole.columns
      )
      return (
        shape,
        [
          whole[0], whole[1][start..<whole[1].count], whole[2][start..<start + width],
          whole[3][start..<whole[3].count],
        ]
      )
    }
  }
}

@Suite("The shape of a product") struct ProductShapeTests {
  @Test("is computed in tiles, and a constant right operand is packed")
  func implementation() throws {
    for (rows, depth, columns) in [(1, 1, 1), (20, 2, 100), (128, 512, 512)] {
      var shape = ProductShape(rows: rows, depth: depth, columns: columns)
      #expect(try shape.implementation().name == "tiles")
      #expect(try shape.implementation().packing == nil)
      shape.isRightConstant = true
      let packing = try #require(try shape.implementation().packing)
      #expect(packing.operand == 1 && packing.count >= depth * columns)
      #expect(try shape.implementation().scratchCount == 0)
    }
  }

  @Test("is described by its extents and transposes")
  func description() {
    #expect(ProductShape(rows: 20, depth: 2, columns: 100).description == "20x2x100")
    let shape = ProductShape(
      rows: 3, depth: 4, columns: 5, left: .columnMajor, right: .columnMajor)
    #expect(shape.description == "3x4x5 leftᵀ rightᵀ")
    #expect(ProductShape.Order.columnMajor.transposed == .rowMajor)
  }

  @Test("includes the strides and the span of a part of a wider matrix")
  func strides() {
    let rowMajor = ProductShape(rows: 3, depth: 4, columns: 5, leftPitch: 10)
    #expect(rowMajor.leftStrides == (10, 1))
    #expect(rowMajor.leftSpan == 24)
    let columnMajor = ProductShape(
      rows: 3, depth: 4, columns: 5, left: .columnMajor, right: .columnMajor, leftPitch: 10)
    #expect(columnMajor.leftStrides == (1, 10))
    #expect(columnMajor.leftSpan == 33)
    #expect(columnMajor.rightStrides == (1, 4))
    #expect(ProductShape(rows: 3, depth: 4, columns: 5).leftSpan == 12)
  }
}
