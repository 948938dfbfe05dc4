internal import YAML

/// A table of comma-separated text. Its form is already checked: each row has one cell for each
/// column.
///
/// The first line names the columns, unless the table has no header. The reader ignores a byte
/// order mark at the start and empty lines at the end. All rows may end with a comma, even if the
/// header does not. The table keeps the text, and extracts a cell on request.
package struct CSVTable: Sendable {
  package let headLine: CSVHeader
  let bytes: [UInt8]
  /// The offsets at which the rows begin.
  private let rowStarts: [UInt32]

  /// The table's name in messages.
  package var path: String { headLine.path }

  /// The names of the columns.
  package var header: [String] { headLine.names }

  package var rowCount: Int { rowStarts.count }

  /// Reads the file at `path`, of at most 2 GiB.
  ///
  /// - Parameter hasHeader: whether the first line names the columns. Nil means true, and refuses a
  ///   line of numbers.
  package static func read(
    path: String, hasHeader: Bool? = nil
  ) throws(DataFailure) -> CSVTable {
    try CSVTable(DataFile(path: path).readAll(), path: path, hasHeader: hasHeader)
  }

  /// Checks the form of `bytes`.
  ///
  /// - Parameters:
  ///   - path: the table's name in messages.
  ///   - hasHeader: as for ``read(path:hasHeader:)``.
  package init(
    _ bytes: [UInt8], path: String, hasHeader: Bool? = nil
  ) throws(DataFailure) {
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw CSVTable.failure(
        "expected UTF-8 text, received other bytes", at: error.byteOffsets.lowerBound, bytes, path)
    }
    guard let header = try CSVHeader(bytes, path: path, isWhole: true, hasHeader: hasHeader)
    else {
      preconditionFailure("the header of a whole text is complete")
    }
    headLine = header
    self.bytes = bytes
    rowStarts = try CSVTable.rowStarts(bytes, below: header)
  }

  /// Returns the offsets at which the rows begin, after checking their numbers of cells.
  private static func rowStarts(
    _ bytes: [UInt8], below header: CSVHeader
  ) throws(DataFailure) -> [UInt32] {
    let span = bytes.span
    let width = header.names.count
    var starts: [UInt32] = []
    var place = header.end
    // Whether every row ends with a comma, which adds an empty cell. Nil before the first row.
    var endsWithComma: Bool?
    while place < span.count {
      let start = place
      if isBreak(span[place]) {
        if (place..<span.count).allSatisfy({ isBreak(bytes[$0]) }) { break }
        throw failure(
          "expected \(cells(width)), received an empty line", at: start, bytes, header.path)
      }
      var count = 1
      var hasComma = false
      do {
        var cell = try CSVScanner.next(span, &place)
        while !cell.endsRow {
          cell = try CSVScanner.next(span, &place)
          count += 1
        }
        if count == width + 1, cell.content.isEmpty, endsWithComma ?? true {
          (endsWithComma, hasComma) = (true, true)
          count = width
        } else {
          endsWithComma = endsWithComma ?? false
        }
      } catch {
        throw failure(error.rawValue, at: start, bytes, header.path)
      }
      guard endsWithComma != true || hasComma else {
        throw failure(
          "expected a comma at the end, as in the rows above, received none", at: start, bytes,
          header.path)
      }
      guard count == width else {
        throw failure(
          "expected \(cells(width)), received \(count)", at: start, bytes, header.path)
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

  /// Returns a failure at a byte offset.
  ///
  /// - Parameter column: the name of the column that the message concerns.
  private static func failure(
    _ message: String, at offset: Int, column: String? = nil, _ bytes: [UInt8], _ path: String
  ) -> DataFailure {
    let line = 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
    let column = column.map { ", column '\($0.quotable)'" } ?? ""
    return .content("\(path.quotable): row \(line)\(column): \(message)")
  }
}

extension CSVTable {
  /// Returns the indices of the columns called `names`, in that order.
  package func columns(named names: [String]) throws(DataFailure) -> [Int] {
    try headLine.columns(named: names)
  }

  /// Returns the cells of row `index`, counted from 0 below the header.
  package func row(_ index: Int) -> [String] {
    cells(ofRow: index).map { $0.text(bytes) }
  }

  private func cells(ofRow index: Int) -> [CSVCell] {
    var place = start(ofRow: index)
    var cells: [CSVCell] = []
    // Reading cannot fail, because the initializer has checked the form.
    while let cell = try? CSVScanner.next(bytes.span, &place) {
      cells.append(cell)
      if cell.endsRow { break }
    }
    return cells
  }

  /// Returns the offset at which row `index` begins.
  func start(ofRow index: Int) -> Int { Int(rowStarts[index]) }

  /// Returns the line in the file at which row `index` begins.
  package func line(ofRow index: Int) -> Int { line(at: start(ofRow: index)) }

  private func line(at offset: Int) -> Int {
    1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
  }

  /// Returns the invalid cell at `column` of row `index`.
  ///
  /// - Parameter message: makes the message from the cell's text in quotes.
  func badCell(
    row index: Int, column: Int, _ message: (_ received: String) -> String
  ) -> BadCells.Cell {
    let cell = cells(ofRow: index)[column]
    let text = cell.text(bytes)
    let received = text.isEmpty ? "an empty cell" : "'\(text.quotable)'"
    let isBreak: (UInt8) -> Bool = { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let place = cell.content.lowerBound
    let start = bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(where: isBreak) ?? bytes.count
    let before = String(decoding: bytes[start..<place], as: UTF8.self)
    return BadCells.Cell(
      row: line(ofRow: index), message: message(received),
      mark: Mark(
        source: SourceText(
          name: path, text: String(decoding: bytes[start..<end], as: UTF8.self),
          firstLine: line(at: place)),
        line: line(at: place), column: before.unicodeScalars.count + 1))
  }
}
