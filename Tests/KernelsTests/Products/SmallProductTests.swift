import Kernels
import Oracles
import Testing

@Suite("Small products") struct SmallProductTests {
  static let orders = [
    ProductFamily(), ProductFamily(left: .columnMajor), ProductFamily(right: .columnMajor),
    ProductFamily(isPart: true), ProductFamily(left: .columnMajor, isPart: true),
    ProductFamily(right: .columnMajor, isPart: true),
  ]
  static let functions = [
    ProductFamily(hasBias: true),
    ProductFamily(right: .columnMajor, hasBias: true),
    ProductFamily(hasBias: true, nonlinearity: .relu(slope: 0)),
    ProductFamily(right: .columnMajor, nonlinearity: .relu(slope: 0)),
    ProductFamily(right: .columnMajor, hasBias: true, nonlinearity: .relu(slope: 0.25)),
    ProductFamily(left: .columnMajor, nonlinearity: .relu(slope: 1)),
    ProductFamily(hasBias: true, nonlinearity: .sigmoid),
    ProductFamily(right: .columnMajor, nonlinearity: .sigmoid),
    ProductFamily(hasBias: true, nonlinearity: .tanh),
    ProductFamily(right: .columnMajor, isPart: true, hasBias: true, nonlinearity: .tanh),
  ]

  @Test("agree with a plain loop for all extents near the length of a vector", arguments: orders)
  func tails(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 11)
    for rows in [1, 2, 3, 4, 5] {
      for depth in 1...17 {
        for columns in 1...35 {
          let shape = family.shape(rows: rows, depth: depth, columns: columns, &numbers)
          let product = NaiveProduct(shape, &numbers)
          let result = try product.run(SmallProduct(shape: shape), shift: columns % 4)
          #expect(product.mismatch(result) == nil)
        }
      }
    }
  }

  @Test("agree with a plain loop for 200 random shapes", arguments: orders + functions)
  func randomShapes(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 12)
    for _ in 0..<200 {
      let extents = (0..<3).map { _ in Int.random(in: 1...40, using: &numbers) }
      let shape = family.shape(rows: extents[0], depth: extents[1], columns: extents[2], &numbers)
      let product = NaiveProduct(shape, &numbers)
      let result = try product.run(
        SmallProduct(shape: shape), shift: Int.random(in: 0..<16, using: &numbers))
      #expect(product.mismatch(result) == nil)
    }
  }

  @Test("have the same bits at all places of their operands", arguments: orders)
  func placement(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 13)
    let shape = family.shape(rows: 7, depth: 19, columns: 37, &numbers)
    let product = NaiveProduct(shape, &numbers)
    let result = try #require(try product.run(SmallProduct(shape: shape)))
    for shift in 1..<16 {
      let other = try #require(try product.run(SmallProduct(shape: shape), shift: shift))
      #expect(haveSameBits(result, other))
    }
  }

  @Test("fuse ReLU without changing a bit", arguments: [Float(0), 0.125, 1])
  func fusedReLU(slope: Float) throws {
    var numbers = SeededNumbers(seed: 14)
    for family in [ProductFamily(hasBias: true), ProductFamily(right: .columnMajor)] {
      var shape = family.shape(rows: 9, depth: 5, columns: 27, &numbers)
      var product = NaiveProduct(shape, &numbers)
      let sums = GuardedMemory(try #require(try product.run(SmallProduct(shape: shape))))
      let expected = GuardedMemory<Float>(count: sums.values.count)
      run(
        nonlinearity(
          .relu(slope: slope), from: sums.view, to: expected.view, count: sums.values.count),
        holding: sums)
      shape.nonlinearity = .relu(slope: slope)
      product = NaiveProduct(shape, left: product.left, right: product.right, bias: product.bias)
      let fused = try #require(try product.run(SmallProduct(shape: shape)))
      #expect(haveSameBits(fused, expected.values))
    }
  }

  @Test("propagate infinities and NaN only to dependent elements")
  func notFinite() throws {
    let shape = ProductShape(rows: 3, depth: 2, columns: 21, nonlinearity: .relu(slope: 0.5))
    var left = [Float](repeating: 1, count: 6)
    (left[2], left[4]) = (.nan, -.infinity)
    let product = NaiveProduct(
      shape, left: left, right: Array(repeating: 1, count: 42), bias: nil)
    let result = try #require(try product.run(SmallProduct(shape: shape)))
    #expect(result[0..<21].allSatisfy { $0 == 2 })
    #expect(result[21..<42].allSatisfy { $0.isNaN })
    #expect(result[42..<63].allSatisfy { $0 == -.infinity })
  }

  @Test("refuse operands that are too short")
  func shortOperands() async {
    await #expect(processExitsWith: .failure) {
      let short = GuardedMemory<Float>(count: 5)
      let right = GuardedMemory<Float>(count: 6)
      _ = SmallProduct(shape: ProductShape(rows: 2, depth: 3, columns: 2)).kernel(
        [short.view, right.view, right.view], scratch: nil)
    }
  }
}
