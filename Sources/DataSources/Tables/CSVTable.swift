internal import YAML

/// A table in comma-separated text, its form checked: a header, and rows of as many cells as it
/// has.
///
/// The first line names the columns. A byte order mark before it, and empty lines at the end, are
/// passed over. The text is kept as it was read; a cell is cut out of it when asked for.
package struct CSVTable: Sendable {
  let headLine: CSVHeader
  let bytes: [UInt8]
  /// Where each row begins.
  private let rowStarts: [UInt32]

  /// What failures call the table.
  package var path: String { headLine.path }

  /// The columns' names.
  package var header: [String] { headLine.names }

  package var rowCount: Int { rowStarts.count }

  /// Reads the file at `path`, of at most 2 GiB.
  package static func read(path: String) throws(DataFailure) -> CSVTable {
    try CSVTable(DataFile(path: path).readAll(), path: path)
  }

  /// Checks the form of `bytes`.
  ///
  /// - Parameter path: what failures call the table.
  package init(_ bytes: [UInt8], path: String) throws(DataFailure) {
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw CSVTable.failure(
        "expected UTF-8 text, received other bytes", at: error.byteOffsets.lowerBound, bytes, path)
    }
    guard let header = try CSVHeader(bytes, path: path, isWhole: true) else {
      preconditionFailure("the header of a whole text is complete")
    }
    headLine = header
    self.bytes = bytes
    rowStarts = try CSVTable.rowStarts(bytes, below: header)
  }

  /// Where each row begins; each has a cell a column.
  private static func rowStarts(
    _ bytes: [UInt8], below header: CSVHeader
  ) throws(DataFailure) -> [UInt32] {
    let span = bytes.span
    let width = header.names.count
    var starts: [UInt32] = []
    var place = header.end
    while place < span.count {
      let start = place
      if isBreak(span[place]) {
        if (place..<span.count).allSatisfy({ isBreak(bytes[$0]) }) { break }
        throw failure(
          "expected \(cells(width)), received an empty line", at: start, bytes, header.path)
      }
      var count = 0
      do {
        while try !CSVScanner.next(span, &place).endsRow { count += 1 }
      } catch {
        throw failure(error.rawValue, at: start, bytes, header.path)
      }
      guard count + 1 == width else {
        throw failure(
          "expected \(cells(width)), received \(count + 1)", at: start, bytes, header.path)
      }
      starts.append(UInt32(start))
    }
    guard !starts.isEmpty else {
      throw .content("\(header.path.quotable): expected rows below the header, received none")
    }
    return starts
  }

  private static func cells(_ count: Int) -> String { count == 1 ? "1 cell" : "\(count) cells" }

  private static func isBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// - Parameter column: the name of the column that the message is about.
  private static func failure(
    _ message: String, at offset: Int, column: String? = nil, _ bytes: [UInt8], _ path: String
  ) -> DataFailure {
    let line = 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
    let column = column.map { ", column '\($0.quotable)'" } ?? ""
    return .content("\(path.quotable): row \(line)\(column): \(message)")
  }
}

extension CSVTable {
  /// The places of the columns called `names`, in that order.
  package func columns(named names: [String]) throws(DataFailure) -> [Int] {
    try headLine.columns(named: names)
  }

  /// The cells of row `index`, counted from 0 below the header.
  package func row(_ index: Int) -> [String] {
    cells(ofRow: index).map { $0.text(bytes) }
  }

  private func cells(ofRow index: Int) -> [CSVCell] {
    var place = start(ofRow: index)
    var cells: [CSVCell] = []
    // The form was checked before: no cell can fail.
    while let cell = try? CSVScanner.next(bytes.span, &place) {
      cells.append(cell)
      if cell.endsRow { break }
    }
    return cells
  }

  /// Where row `index` begins.
  func start(ofRow index: Int) -> Int { Int(rowStarts[index]) }

  /// A failure in the cell at `column` of row `index`; `message` is told the cell's text.
  func failure(
    row index: Int, column: Int, _ message: (_ received: String) -> String
  ) -> DataFailure {
    let text = cells(ofRow: index)[column].text(bytes)
    let received = text.isEmpty ? "an empty cell" : "'\(text.quotable)'"
    return CSVTable.failure(
      message(received), at: start(ofRow: index), column: header[column], bytes, path)
  }
}
