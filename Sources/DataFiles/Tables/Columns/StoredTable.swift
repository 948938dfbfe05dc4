/// The columns of a table that were read, and the places of its rows.
package struct StoredTable: Sendable {
  package let header: TableHeader
  /// The columns in the order of the requests.
  package let columns: [StoredColumn]
  package let rowCount: Int
  private let lines: RowLines

  init(_ header: TableHeader, _ columns: [StoredColumn], rowCount: Int, lines: RowLines) {
    self.header = header
    self.columns = columns
    self.rowCount = rowCount
    self.lines = lines
  }

  /// The table's name in messages.
  package var path: String { header.path }

  /// Returns the line in the file at which a row begins. Rows are counted from 0.
  package func line(ofRow row: Int) -> Int { lines.line(ofRow: row) }

  /// The bytes of all columns.
  package var byteCount: Int { columns.reduce(0) { $0 + $1.values.byteCount } }
}
