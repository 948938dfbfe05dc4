internal import YAML

/// The names of a table's columns, and the form of its text.
///
/// The first row names the columns. Without a header row they are the stated names, or `x1`, `x2` …
/// Names of unused columns may be empty or repeated.
package struct TableHeader: Sendable {
  /// The table's name in messages.
  package let path: String
  package let names: [String]
  /// The stated separator, or the detected one.
  package let separator: TableSeparator
  /// The encoding of the file. Never `utf16`, whose byte order is known.
  package let encoding: TextEncoding
  /// Whether the first row names the columns.
  package let isLine: Bool
  /// The line on which the header begins. Comments may come before it.
  package let line: Int

  /// The greatest size of a header in bytes: 1 MiB.
  package static let sizeLimit = 1 << 20

  /// The greatest number of columns.
  package static let columnLimit = 1 << 16

  /// The greatest length of a column's name in bytes.
  ///
  /// The limit bounds the time of comparisons. It grows with the square of the number of combining
  /// marks on a letter.
  package static let nameLimit = 1000

  /// Parses the header at the start of a text.
  ///
  /// - Parameters:
  ///   - place: moves to the start of the rows.
  ///   - line: the number of the line at `place`, counted from 0.
  init(
    _ text: Span<UInt8>, _ place: inout Int, line: Int, path: String, _ dialect: TableDialect,
    encoding: TextEncoding
  ) throws(DataFailure) {
    self.path = path
    self.encoding = encoding
    self.line = line + 1
    let start = place
    let separator = dialect.separator ?? TableHeader.detectSeparator(text, from: start)
    self.separator = separator
    let cells = try TableHeader.cells(text, &place, line + 1, path: path, separator)
    if dialect.header == nil, dialect.columns == nil,
      let mistake = TableHeader.numbersMistake(cells, separator)
    {
      throw .content("\(path.quotable): row \(line + 1): \(mistake)")
    }
    isLine = dialect.header ?? (dialect.columns == nil)
    if let columns = dialect.columns, columns.count != cells.count {
      throw .content(
        "\(path.quotable): row \(line + 1): expected as many cells as 'columns' has names, "
          + "\(columns.count), received \(cells.count)")
    }
    names = isLine ? cells : dialect.columns ?? cells.indices.map { "x\($0 + 1)" }
    if !isLine { place = start }
  }

  private static func detectSeparator(_ text: Span<UInt8>, from start: Int) -> TableSeparator {
    var end = start
    var isQuoted = false
    while end < text.count, isQuoted || text[end] != UInt8(ascii: "\n") {
      if text[end] == UInt8(ascii: "\"") { isQuoted.toggle() }
      end += 1
    }
    return TableSeparator.detected(in: text.extracting(start..<end))
  }

  /// Returns the cells of the first row.
  private static func cells(
    _ text: Span<UInt8>, _ place: inout Int, _ row: Int, path: String, _ separator: TableSeparator
  ) throws(DataFailure) -> [String] {
    let scanner = CellScanner(separator)
    let start = place
    var cells: [String] = []
    func failure(_ message: String) -> DataFailure {
      .content("\(path.quotable): row \(row), column \(cells.count + 1): \(message)")
    }
    while true {
      guard cells.count < columnLimit else {
        throw failure("expected at most \(columnLimit) columns, received more")
      }
      let ending: CellScanner.Ending
      do throws(CellScanner.Mistake) {
        let cell = try scanner.next(text, &place)
        guard place - start <= sizeLimit else { throw .longCell }
        cells.append(cell.text(text))
        ending = try scanner.end(text, &place)
      } catch {
        guard error != .longCell else {
          throw .content(
            "\(path.quotable): row \(row): expected a header of at most \(sizeLimit) bytes")
        }
        throw failure(scanner.message(error))
      }
      guard ending == .cell else { return cells }
    }
  }

  /// Returns the reason why cells look like an example instead of names. Nil when they can be
  /// names.
  ///
  /// An example consists of numbers, possibly with missing values.
  private static func numbersMistake(_ cells: [String], _ separator: TableSeparator) -> String? {
    let missing = Set(TableDialect.usualMissingTexts.map { $0.lowercased() } + ["inf", "-inf"])
    var hasNumber = false
    for cell in cells {
      let bytes = Array(cell.utf8)
      let marks = separator == .comma ? [UInt8(ascii: ".")] : [UInt8(ascii: "."), 44]
      if marks.contains(where: {
        DecimalParser.parse(bytes.span, 0..<bytes.count, decimal: $0) != nil
      }) {
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
      guard name.utf8.count <= TableHeader.nameLimit else {
        throw .content(
          "\(path.quotable): row \(line), column \(column + 1): expected a name of at most "
            + "\(TableHeader.nameLimit) bytes")
      }
      guard counts[name] == 1 else {
        throw .content(
          "\(path.quotable): row \(line): expected every column once, received "
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
      guard let place = places[name] else { throw missing(name, taken: Set(wanted + used)) }
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
    let place = isLine ? "row \(line): " : ""
    return .content(
      "\(path.quotable): \(place)expected a column '\(name.quotable)', "
        + "received \(known.quotedList)" + suggestion)
  }
}
