internal import YAML

/// The first line of a table: its columns' names, each different and not empty.
struct CSVHeader {
  /// What failures call the table.
  let path: String
  let names: [String]
  /// Where the rows begin.
  let end: Int

  /// The most bytes a header can have: 1 MiB.
  static let sizeLimit = 1 << 20

  /// The most bytes that the name of a column, or of a class, can have. Comparing texts takes
  /// time that grows with the square of the number of combining marks on one letter.
  static let nameLimit = 1000

  /// The header of the file at `path`, without reading much beyond it.
  static func read(path: String) throws(DataFailure) -> CSVHeader {
    let file = try DataFile(path: path)
    var bytes: [UInt8] = []
    while true {
      let more = try file.read(atMost: 1 << 14)
      bytes += more
      if let header = try CSVHeader(bytes, path: path, isWhole: more.count < 1 << 14) {
        return header
      }
      guard bytes.count <= sizeLimit else {
        throw .content(
          "\(path.quotable): row 1: expected a header of at most \(sizeLimit) bytes")
      }
    }
  }

  /// - Parameter isWhole: whether nothing follows `bytes` in the file.
  /// - Returns: nil where the header may go on behind `bytes`.
  init?(_ bytes: [UInt8], path: String, isWhole: Bool) throws(DataFailure) {
    func failure(_ message: String, column: Int? = nil) -> DataFailure {
      let column = column.map { ", column \($0)" } ?? ""
      return .content("\(path.quotable): row 1\(column): \(message)")
    }
    let hasByteOrderMark = bytes.starts(with: "\u{FEFF}".utf8)
    var place = hasByteOrderMark ? 3 : 0
    guard place < bytes.count || !isWhole else {
      throw .content("\(path.quotable): expected a header line, received an empty file")
    }
    var names: [String] = []
    var isComplete = false
    while !isComplete {
      let cell: CSVCell
      do {
        cell = try CSVScanner.next(bytes.span, &place)
      } catch {
        let mayBeCut =
          error == .unclosedQuote || (error == .loneReturn && place + 1 == bytes.count)
        guard mayBeCut, !isWhole else { throw failure(error.rawValue) }
        return nil
      }
      // A cell at the end of the bytes may go on, unless a line feed ends it.
      guard isWhole || place < bytes.count || (cell.endsRow && bytes.last == UInt8(ascii: "\n"))
      else { return nil }
      let column = names.count + 1
      guard cell.content.count <= CSVHeader.nameLimit, place <= CSVHeader.sizeLimit else {
        throw failure(
          "expected a name of at most \(CSVHeader.nameLimit) bytes in a header of at most "
            + "\(CSVHeader.sizeLimit)", column: column)
      }
      guard (try? UTF8Span(validating: bytes.span.extracting(cell.content))) != nil else {
        throw failure("expected UTF-8 text, received other bytes", column: column)
      }
      guard !cell.content.isEmpty else {
        throw failure("expected a name, received an empty cell", column: column)
      }
      names.append(cell.text(bytes))
      isComplete = cell.endsRow
    }
    if let index = names.firstRepetition {
      throw failure("expected every column once, received '\(names[index].quotable)' twice")
    }
    self.path = path
    self.names = names
    end = place
  }

  /// The places of `wanted` columns, in that order.
  ///
  /// - Parameter used: columns with another use. Neither they nor `wanted` ones are suggested for a missing column.
  func columns(
    named wanted: [String], besides used: [String] = []
  ) throws(DataFailure) -> [Int] {
    if let index = wanted.firstRepetition {
      throw .content(
        "\(path.quotable): expected every column once, "
          + "received '\(wanted[index].quotable)' twice")
    }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var columns: [Int] = []
    for name in wanted {
      guard let place = places[name] else {
        let taken = Set(wanted + used)
        let suggestion =
          names.filter { !taken.contains($0) }.nearest(to: name)
          .map { "; did you mean '\($0.quotable)'?" } ?? ""
        throw .content(
          "\(path.quotable): row 1: expected a column '\(name.quotable)', "
            + "received \(names.quotedList)" + suggestion)
      }
      columns.append(place)
    }
    return columns
  }
}
