internal import YAML

/// Reads columns of a table again in double precision. Every cell is known to be a number.
package struct CSVColumns: ExactValues {
  private let table: CSVTable
  private let columns: [Int]
  /// For each column of the table its index in `columns`, or −1 when it is not read.
  private let slots: [Int]

  package init(_ table: CSVTable, _ columns: [Int]) {
    self.table = table
    self.columns = columns
    var slots = [Int](repeating: -1, count: table.header.count)
    for (slot, column) in columns.enumerated() { slots[column] = slot }
    self.slots = slots
  }

  package func read(_ body: ValueRunReader) {
    let bytes = table.bytes.span
    var values = [Double](repeating: 0, count: columns.count)
    for row in 0..<table.rowCount {
      var place = table.start(ofRow: row)
      for column in slots.indices {
        guard let cell = try? CSVScanner.next(bytes, &place) else { break }
        if slots[column] < 0 { continue }
        values[slots[column]] = DecimalParser.parse(bytes, cell.content) ?? 0
      }
      guard body(values.span, row, 0, false) else { return }
    }
  }

  package func subject(ofColumn column: Int) -> String {
    "\(table.path.quotable): column '\(table.header[columns[column]].quotable)'"
  }

  package func places(ofExamples examples: [Int]) -> String {
    "in rows " + examples.map { String(table.line(ofRow: $0)) }.joined(separator: " and ")
  }
}
