/// Formats rows of cells as lines with aligned columns.
package enum TextTable {
  /// - Parameter rightAligned: the indices of columns with numbers.
  package static func lines(
    _ rows: [[String]], indent: String = "", rightAligned: Set<Int> = []
  ) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return rightAligned.contains(column) ? padding + cell : cell + padding
      }
      var line = indent + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
