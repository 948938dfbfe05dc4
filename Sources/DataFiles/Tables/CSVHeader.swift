internal import YAML

/// The names of a table's columns. They are in its first line. Without a header line they are `x1`,
/// `x2` …
///
/// Names of unused columns may be empty or repeated.
package struct CSVHeader {
  /// The table's name in messages.
  package let path: String
  package let names: [String]
  /// The offset at which the rows begin.
  let end: Int
  /// Whether the first line names the columns.
  let isLine: Bool

  /// The greatest size of a header in bytes: 1 MiB.
  package static let sizeLimit = 1 << 20

  /// The greatest length of a column's or class's name in bytes.
  ///
  /// The limit bounds the time of comparisons. It grows with the square of the number of combining
  /// marks on a letter.
  static let nameLimit = 1000

  /// Reads the header of the file at `path`, without reading the whole file.
  ///
  /// - Parameter hasHeader: as for ``init(_:path:isWhole:hasHeader:)``.
  package static func read(path: String, hasHeader: Bool?) throws(DataFailure) -> CSVHeader {
    let file = try DataFile(path: path)
    var bytes: [UInt8] = []
    while true {
      let more = try file.read(atMost: 1 << 14)
      bytes += more
      let isWhole = more.count < 1 << 14
      if let header = try CSVHeader(bytes, path: path, isWhole: isWhole, hasHeader: hasHeader) {
        return header
      }
      guard bytes.count <= sizeLimit else {
        throw .content(
          "\(path.quotable): row 1: expected a header of at most \(sizeLimit) bytes")
      }
    }
  }

  /// Parses a header.
  ///
  /// - Parameters:
  ///   - isWhole: whether the file ends after `bytes`.
  ///   - hasHeader: whether the first line names the columns. Nil means true, and refuses a line of
  ///     numbers.
  /// - Returns: nil when the header may continue after `bytes`.
  init?(
    _ bytes: [UInt8], path: String, isWhole: Bool, hasHeader: Bool?
  ) throws(DataFailure) {
    let hasByteOrderMark = bytes.starts(with: "\u{FEFF}".utf8)
    let start = hasByteOrderMark ? 3 : 0
    guard start < bytes.count || !isWhole else {
      let expected = hasHeader == false ? "a row" : "a header line"
      throw .content("\(path.quotable): expected \(expected), received an empty file")
    }
    var place = start
    guard let cells = try CSVHeader.cells(bytes, &place, path: path, isWhole: isWhole) else {
      return nil
    }
    if hasHeader == nil, let mistake = CSVHeader.numbersMistake(cells) {
      throw .content("\(path.quotable): row 1: \(mistake)")
    }
    isLine = hasHeader ?? true
    self.path = path
    names = isLine ? cells : cells.indices.map { "x\($0 + 1)" }
    end = isLine ? place : start
  }

  /// Returns the cells of the first line. Nil when the line may continue after `bytes`.
  private static func cells(
    _ bytes: [UInt8], _ place: inout Int, path: String, isWhole: Bool
  ) throws(DataFailure) -> [String]? {
    func failure(_ message: String, column: Int? = nil) -> DataFailure {
      let column = column.map { ", column \($0)" } ?? ""
      return .content("\(path.quotable): row 1\(column): \(message)")
    }
    var cells: [String] = []
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
      // A cell at the end of the bytes may continue, unless a line feed ends it.
      guard isWhole || place < bytes.count || (cell.endsRow && bytes.last == UInt8(ascii: "\n"))
      else { return nil }
      guard place <= CSVHeader.sizeLimit else {
        throw failure("expected a header of at most \(CSVHeader.sizeLimit) bytes")
      }
      guard (try? UTF8Span(validating: bytes.span.extracting(cell.content))) != nil else {
        throw failure("expected UTF-8 text, received other bytes", column: cells.count + 1)
      }
      cells.append(cell.text(bytes))
      isComplete = cell.endsRow
    }
    return cells
  }

  /// The usual spellings of a missing value, in lower case.
  private static let missing: Set<String> = [
    "", "nan", "na", "n/a", "null", "none", "inf", "-inf", "?",
  ]

  /// Returns the reason why cells look like an example instead of names. Nil when they can be
  /// names.
  ///
  /// An example consists of numbers, possibly with missing values.
  private static func numbersMistake(_ cells: [String]) -> String? {
    var hasNumber = false
    for cell in cells {
      let bytes = Array(cell.utf8)
      if DecimalParser.parse(bytes.span, 0..<bytes.count) != nil {
        hasNumber = true
      } else if !missing.contains(cell.lowercased()) {
        return nil
      }
    }
    guard hasNumber else { return nil }
    return "expected the names of the columns, received only numbers (\(cells.quotedList)); add a "
      + "line of names, or set 'header' to false (an example) or true (names)"
  }

  /// The default columns: all that have a name.
  package var named: [Int] { names.indices.filter { !names[$0].isEmpty } }

  /// Checks the names of used columns: each must be unique and not too long.
  package func check(_ columns: [Int]) throws(DataFailure) {
    let counts = names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    for column in columns {
      let name = names[column]
      guard name.utf8.count <= CSVHeader.nameLimit else {
        throw .content(
          "\(path.quotable): row 1, column \(column + 1): expected a name of at most "
            + "\(CSVHeader.nameLimit) bytes")
      }
      guard counts[name] == 1 else {
        throw .content(
          "\(path.quotable): row 1: expected every column once, received "
            + "'\(name.quotable)' twice")
      }
    }
  }

  /// Returns the indices of the `wanted` columns, in that order.
  ///
  /// - Parameter used: columns with another use. A message about a missing column does not suggest
  ///   these or `wanted` columns.
  package func columns(
    named wanted: [String], besides used: [String] = []
  ) throws(DataFailure) -> [Int] {
    if let index = wanted.firstRepetition {
      throw .content(
        "\(path.quotable): expected every column once, "
          + "received '\(wanted[index].quotable)' twice")
    }
    let places = Dictionary(
      names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var columns: [Int] = []
    for name in wanted {
      guard let place = places[name] else {
        throw missing(name, taken: Set(wanted + used))
      }
      columns.append(place)
    }
    try check(columns)
    return columns
  }

  /// Returns the failure for a missing column.
  ///
  /// - Parameter taken: columns that the message does not suggest.
  private func missing(_ name: String, taken: Set<String>) -> DataFailure {
    let known = named.map { names[$0] }
    let suggestion =
      known.filter { !taken.contains($0) }.nearest(to: name).map {
        "; did you mean '\($0.quotable)'?"
      } ?? ""
    let place = isLine ? "row 1: " : ""
    return .content(
      "\(path.quotable): \(place)expected a column '\(name.quotable)', "
        + "received \(known.quotedList)" + suggestion)
  }
}
