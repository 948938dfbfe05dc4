import Kernels
import Oracles
import Testing

@Suite("The choice of a product's implementation") struct ProductTests {
  struct Case: CustomTestStringConvertible {
    let shape: ProductShape
    let isSmall: Bool

    var testDescription: String { "\(shape.description): \(isSmall ? "Swift" : "oneDNN")" }
  }

  @Test(
    "depends on the shape: Swift up to 16,384 multiplications",
    arguments: [
      Case(shape: ProductShape(rows: 1, depth: 1, columns: 1), isSmall: true),
      Case(shape: ProductShape(rows: 20, depth: 2, columns: 100), isSmall: true),
      Case(shape: ProductShape(rows: 16, depth: 32, columns: 32), isSmall: true),
      Case(
        shape: ProductShape(rows: 16, depth: 32, columns: 32, right: .columnMajor), isSmall: true),
      Case(
        shape: ProductShape(rows: 16, depth: 32, columns: 32, left: .columnMajor), isSmall: true),
      Case(
        shape: ProductShape(
          rows: 2, depth: 2, columns: 2, left: .columnMajor, right: .columnMajor), isSmall: false),
      Case(shape: ProductShape(rows: 16_385, depth: 1, columns: 1), isSmall: false),
      Case(shape: ProductShape(rows: 5, depth: 29, columns: 113), isSmall: false),
      Case(shape: ProductShape(rows: 128, depth: 512, columns: 512), isSmall: false),
    ])
  func choice(test: Case) throws {
    let implementation = try test.shape.implementation()
    #expect((implementation.name == "swift:small") == test.isSmall)
    #expect(implementation is SmallProduct == test.isSmall)
  }

  /// oneDNN 2.6 refuses some of them.
  @Test(
    "covers any number of columns: Swift computes the products that oneDNN refuses",
    arguments: [70_000_000, 80_000_000, 100_000_000, 120_044_004, 134_217_729])
  func wideProducts(columns: Int) throws {
    for rows in [1, 4] {
      let shape = ProductShape(rows: rows, depth: 4, columns: columns)
      let isRefused = (try? MatMul(shape: shape)) == nil
      #expect(try shape.implementation() is SmallProduct == isRefused)
    }
  }

  @Test(
    "changes results only by rounding: both implementations agree at the limit",
    arguments: SmallProductTests.orders + SmallProductTests.functions)
  func agreement(family: ProductFamily) throws {
    var numbers = SeededNumbers(seed: 31)
    for (rows, depth, columns) in [(16, 32, 32), (5, 29, 113), (128, 128, 1), (1, 127, 129)] {
      let shape = family.shape(rows: rows, depth: depth, columns: columns, &numbers)
      let product = NaiveProduct(shape, &numbers)
      let small = try #require(try product.run(SmallProduct(shape: shape)))
      let large = try #require(try product.run(MatMul(shape: shape)))
      #expect(small.count == large.count)
      for index in small.indices {
        #expect(abs(Double(small[index]) - Double(large[index])) <= 2 * product.tolerance[index])
      }
    }
  }

  @Test("describes a shape by its extents and transposes")
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
