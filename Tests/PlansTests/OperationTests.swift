import Files
import Plans
import Testing

@Suite("The tiles of a weight gradient") struct OperationTests {
  /// More tiles than blocks of sixteen rows are never asked for.
  @Test("cover every row once, none of them empty, in blocks of 16", arguments: 1...16)
  func rows(tiles: Int) {
    for rows in (max(1, (tiles - 1) * 16 + 1)...1_200) {
      let parts = (0..<tiles).map { ProductRequest.extent(of: rows, tile: $0, tiles: tiles) }
      #expect(parts.first?.lowerBound == 0)
      #expect(parts.last?.upperBound == rows)
      for (part, next) in zip(parts, parts.dropFirst()) {
        #expect(part.upperBound == next.lowerBound)
        #expect(part.upperBound % 16 == 0)
      }
      let counts = parts.map(\.count)
      #expect(counts.allSatisfy { $0 > 0 }, "\(rows) rows")
      // As even as blocks of 16 and a rest allow.
      if let most = counts.max(), let least = counts.min() { #expect(most - least < 32) }
    }
  }
}
