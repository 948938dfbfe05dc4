import Kernels
import Testing

@Suite("Products of a batch") struct BatchProductTests {
  /// A product never has more tiles than blocks of sixteen rows.
  @Test(
    "have tiles that cover every row once and are never empty, in blocks of 16", arguments: 1...16)
  func rows(tiles: Int) {
    for rows in (max(1, (tiles - 1) * 16 + 1)...1_200) {
      let parts = (0..<tiles).map { BatchProduct.extent(of: rows, tile: $0, of: tiles) }
      #expect(parts.first?.lowerBound == 0)
      #expect(parts.last?.upperBound == rows)
      for (part, next) in zip(parts, parts.dropFirst()) {
        #expect(part.upperBound == next.lowerBound)
        #expect(part.upperBound % 16 == 0)
      }
      let counts = parts.map(\.count)
      #expect(counts.allSatisfy { $0 > 0 }, "\(rows) rows")
      // The sizes are as equal as blocks of 16 and a remainder allow.
      if let most = counts.max(), let least = counts.min() { #expect(most - least < 32) }
    }
  }

  @Test("count the rows of their examples along an axis")
  func rowsPerExample() {
    let rows = BatchProduct(
      ProductShape(rows: 3, depth: 5, columns: 7, right: .columnMajor, hasBias: true),
      examples: .rows)
    #expect(rows.shape(examples: 4).description == "12x5x7 rightᵀ")
    let gradient = BatchProduct(
      ProductShape(rows: 7, depth: 3, columns: 5, left: .columnMajor), examples: .depth)
    #expect(gradient.shape(examples: 4).description == "7x12x5 leftᵀ")
    let matrices = BatchProduct(ProductShape(rows: 7, depth: 3, columns: 5), examples: .none)
    #expect(matrices.shape(examples: 4).description == "7x3x5")
  }

  @Test("have tiles of columns, which read those of the right operand, or tiles of rows")
  func ranges() {
    let shape = ProductShape(rows: 1, depth: 10, columns: 40, hasBias: true)
    let rows = BatchProduct(shape, examples: .rows)
    #expect(rows.ranges(examples: 2, tile: 0, of: 1) == [0..<20, 0..<400, 0..<40, 0..<80])
    #expect(rows.ranges(examples: 2, tile: 1, of: 2) == [0..<20, 16..<400, 16..<40, 16..<80])
    let turned = BatchProduct(
      ProductShape(rows: 1, depth: 10, columns: 40, right: .columnMajor), examples: .rows)
    #expect(turned.ranges(examples: 2, tile: 1, of: 2) == [0..<20, 160..<400, 16..<80])
    let gradient = BatchProduct(
      ProductShape(rows: 40, depth: 1, columns: 10, left: .columnMajor), examples: .depth)
    #expect(gradient.ranges(examples: 2, tile: 0, of: 2) == [0..<56, 0..<20, 0..<160])
    #expect(gradient.ranges(examples: 2, tile: 1, of: 2) == [16..<80, 0..<20, 160..<400])
  }
}
