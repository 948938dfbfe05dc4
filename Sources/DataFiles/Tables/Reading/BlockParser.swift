internal import YAML

/// Reads the cells of one block.
///
/// A cell of numbers, texts or dates is read directly: its end is where the value ends. Only cells
/// of another form are first cut from the text. The result does not depend on other blocks, so
/// blocks can be parsed in any order and on any thread.
struct BlockParser {
  private let plan: RowPlan
  private var result = ParsedBlock()
  private var row = 0
  private var line = 0
  /// The number of bad columns.
  private var rank = 0
  private var texts: [TextCodes]
  private var firstRows: [[Int]]

  private init(_ plan: RowPlan, _ known: [KnownTexts]) {
    self.plan = plan
    result.known = known
    texts = known.map(\.codes)
    firstRows = [[Int]](repeating: [], count: plan.requests.count)
    result.missingCounts = [Int](repeating: 0, count: plan.requests.count)
    result.badColumns = [ParsedBlock.BadColumn](
      repeating: ParsedBlock.BadColumn(), count: plan.requests.count)
  }

  /// The code of texts that mean a missing value.
  private static let missingCode = -1

  /// - Parameters:
  ///   - known: the texts of each request that are known from the blocks above.
  ///   - cells: memory for the cells of the block, which grows as needed.
  static func parse(
    _ block: TableBlock, _ plan: RowPlan, known: [KnownTexts], cells: inout [Double]
  ) -> ParsedBlock {
    var parser = BlockParser(plan, known)
    let text = block.bytes.span.extracting(block.range)
    let census = TextCensus(text)
    parser.result.lineCount = census.lineCount
    parser.result.byteCount = text.count
    if let place = census.invalidPlace(text) {
      parser.refuseBytes(text, at: place)
      return parser.result
    }
    // A row has at least one byte for each separator and for the line break.
    let capacity = min(census.lineCount + 1, text.count / plan.steps.count + 1)
    let count = capacity * plan.requests.count
    if cells.count < count { cells = [Double](repeating: 0, count: count) }
    var span = cells.mutableSpan
    parser.readRows(text, &span, capacity, isCut: block.isCut)
    parser.store(cells.span, capacity)
    return parser.result
  }

  /// Records bytes that are not text.
  private mutating func refuseBytes(_ text: Span<UInt8>, at place: Int) {
    var line = 0
    for index in 0..<place where text[index] == UInt8(ascii: "\n") { line += 1 }
    let message = TextCensus.message(text[place], plan.encoding)
    result.failure = ParsedBlock.Failure(line: line, message: message)
  }

  // MARK: Rows

  private mutating func readRows(
    _ text: Span<UInt8>, _ cells: inout MutableSpan<Double>, _ capacity: Int, isCut: Bool
  ) {
    var place = 0
    while place < text.count {
      if isBreak(text[place]) {
        skipEmptyLines(text, &place)
        continue
      }
      if !plan.comment.isEmpty, text.starts(with: plan.comment, at: place) {
        skipLine(text, &place)
        continue
      }
      if let emptyLine = result.emptyLine {
        line = emptyLine
        return refuse("expected \(plan.width), received an empty line")
      }
      guard row < capacity else { return refuse("expected \(plan.width), received fewer") }
      result.lines.add(row: row, line: line)
      if row == 0 { result.firstLine = line }
      var column = 0
      do throws(CellScanner.Mistake) {
        guard try readRow(text, &place, &column, &cells, capacity) else { return }
      } catch {
        return refuse(plan.scanner.message(error), column: column)
      }
      if isCut, place == text.count, text[place - 1] != UInt8(ascii: "\n") {
        return refuse("expected a row of at most \(BlockCutter.rowLimit) bytes, received more")
      }
      row += 1
      line += 1
    }
  }

  /// Reads a row, and moves `place` past its line break. Returns false after recording a failure.
  @inline(__always)
  private mutating func readRow(
    _ text: Span<UInt8>, _ place: inout Int, _ column: inout Int,
    _ cells: inout MutableSpan<Double>, _ capacity: Int
  ) throws(CellScanner.Mistake) -> Bool {
    let last = plan.steps.count - 1
    let separator = plan.scanner.separator
    let steps = plan.steps
    let start = place
    while true {
      let step = steps[column]
      let value = try read(step, text, &place)
      if step.slot >= 0 { cells[step.slot * capacity + row] = value }
      if column < last, place < text.count, text[place] == separator {
        place += 1
        column += 1
        continue
      }
      let ending = try plan.scanner.end(text, &place)
      if column == last, ending != .cell {
        return finishRow(endsWithSeparator: false)
      }
      return try finishOddRow(text, &place, start, column, ending)
    }
  }

  /// Reads a cell, and moves `place` past its content.
  @inline(__always)
  private mutating func read(
    _ step: RowPlan.Step, _ text: Span<UInt8>, _ place: inout Int
  ) throws(CellScanner.Mistake) -> Double {
    switch step.kind {
    case .number:
      var end = place
      if let number = DecimalParser.scan(text, &end, text.count, decimal: step.decimal),
        isEnd(text, end), number.magnitude < CellReader.numberBound
      {
        place = end
        return number
      }
    case .text:
      if place < text.count, text[place] != UInt8(ascii: "\"") {
        let start = place
        try plan.scanner.skip(text, &place)
        let key = TextCodes.key(text, start..<place)
        if let code = texts[step.slot].code(text, start..<place, key), code >= 0 {
          return Double(code)
        }
        place = start
      }
    case .date:
      let end = place + 10
      if isEnd(text, end), let days = ISODate.days(text, place..<end) {
        place = end
        return days
      }
    case .datetime:
      let end = place + 19
      if isEnd(text, end), let seconds = ISODate.seconds(text, place..<end) {
        place = end
        return seconds
      }
    case .skipped, .other: break
    }
    return try readCut(step, text, &place)
  }

  /// Whether a cell without quotes ends before `place`.
  @inline(__always)
  private func isEnd(_ text: Span<UInt8>, _ place: Int) -> Bool {
    guard place < text.count else { return place == text.count }
    let byte = text[place]
    return byte == plan.scanner.separator || isBreak(byte)
  }

  /// Finishes a row whose last cell is the last column's.
  @inline(__always)
  private mutating func finishRow(endsWithSeparator: Bool) -> Bool {
    if result.endsWithSeparator == nil { result.endsWithSeparator = endsWithSeparator }
    guard result.endsWithSeparator == endsWithSeparator else {
      refuse(
        "expected a \(plan.scanner.word) at the end, as in the rows above, received none")
      return false
    }
    return true
  }

  /// Finishes a row that ends early, or goes on after the last column.
  private mutating func finishOddRow(
    _ text: Span<UInt8>, _ place: inout Int, _ start: Int, _ column: Int,
    _ ending: CellScanner.Ending
  ) throws(CellScanner.Mistake) -> Bool {
    var count = column + 1
    var ending = ending
    var isLastEmpty = false
    while ending == .cell {
      let cell = try plan.scanner.next(text, &place)
      isLastEmpty = cell.content.isEmpty
      count += 1
      ending = try plan.scanner.end(text, &place)
    }
    if count == plan.steps.count + 1, isLastEmpty, result.endsWithSeparator ?? true {
      return finishRow(endsWithSeparator: true)
    }
    refuse(plan.wrongCount(count))
    return false
  }

  private mutating func refuse(_ message: String, column: Int? = nil) {
    let name = column.flatMap { plan.names.indices.contains($0) ? plan.names[$0] : nil }
    result.failure = ParsedBlock.Failure(line: line, column: name, message: message)
  }

  @inline(__always)
  private func isBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Moves past empty lines, after which no row may follow.
  private mutating func skipEmptyLines(_ text: Span<UInt8>, _ place: inout Int) {
    if result.emptyLine == nil { result.emptyLine = line }
    while place < text.count, isBreak(text[place]) {
      if text[place] == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
  }

  private mutating func skipLine(_ text: Span<UInt8>, _ place: inout Int) {
    while place < text.count {
      place += 1
      if text[place - 1] == UInt8(ascii: "\n") { break }
    }
    line += 1
  }
}

extension BlockParser {
  /// Cuts a cell from the text and reads it.
  private mutating func readCut(
    _ step: RowPlan.Step, _ text: Span<UInt8>, _ place: inout Int
  ) throws(CellScanner.Mistake) -> Double {
    let start = place
    let cell = try plan.scanner.next(text, &place)
    let cellLine = line
    if cell.isQuoted {
      for index in cell.content where text[index] == UInt8(ascii: "\n") { line += 1 }
    }
    guard step.slot >= 0 else { return 0 }
    if cell.hasDoubledQuotes {
      let plain = cell.bytes(text)
      return read(step.slot, plain.span, 0..<plain.count) { parser, message in
        parser.note(message, step.slot, text, start, cell, line: cellLine)
      }
    }
    return read(step.slot, text, cell.content) { parser, message in
      parser.note(message, step.slot, text, start, cell, line: cellLine)
    }
  }

  /// Reads the content of a cell.
  ///
  /// - Parameter note: records a bad cell with its message.
  private mutating func read(
    _ slot: Int, _ text: Span<UInt8>, _ range: Range<Int>,
    _ note: (inout BlockParser, _ message: (ColumnRequest) -> String) -> Void
  ) -> Double {
    let request = plan.requests[slot]
    let isText = request.type.hasCodes
    var key: TextCodes.Key?
    if isText {
      let found = TextCodes.key(text, range)
      if let code = texts[slot].code(text, range, found) {
        guard code < 0 else { return Double(code) }
        result.missingCounts[slot] += 1
        return .nan
      }
      key = found
    }
    let content = CellReader.read(text, range, request, plan.orders[slot], plan.missing)
    switch content {
    case .value(let value):
      if let key { texts[slot].add(text, range, key, code: Int(value)) }
      return value
    case .category:
      let code = codeCount(slot)
      firstRows[slot].append(row)
      if let key { texts[slot].add(text, range, key, code: code) }
      return Double(code)
    case .missing where request.allowsMissing:
      result.missingCounts[slot] += 1
      if let key { texts[slot].add(text, range, key, code: BlockParser.missingCode) }
    default:
      let text = CellReader.text(text, range)
      note(&self) { CellAdvice.message(content, text, $0) }
    }
    return .nan
  }

  /// Records a bad cell. `message` runs only for a cell that is kept.
  private mutating func note(
    _ message: (ColumnRequest) -> String, _ slot: Int, _ text: Span<UInt8>, _ place: Int,
    _ cell: CellScanner.Cell, line: Int
  ) {
    if result.badColumns[slot].count == 0 {
      result.badColumns[slot].rank = rank
      rank += 1
    }
    result.badColumns[slot].count += 1
    guard result.badColumns[slot].cells.count < BadCells.limit,
      result.badColumns[slot].rank < BadCells.columnLimit
    else { return }
    let content = cell.content.lowerBound
    var start = content
    while start > 0, text[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    var end = content
    while end < text.count, !isBreak(text[end]), end - content < 200 { end += 1 }
    // A character of several bytes stays whole.
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    let before = CellReader.text(text, start..<content)
    result.badColumns[slot].cells.append(
      ParsedBlock.BadCell(
        row: self.rowLine, message: message(plan.requests[slot]), line: line,
        column: before.unicodeScalars.count + 1, text: before + CellReader.text(text, content..<end)
      ))
  }

  /// The line at which the current row begins.
  private var rowLine: Int { result.lines.line(ofRow: row) }

  // MARK: Columns

  /// The number of known and new codes of a request.
  private func codeCount(_ slot: Int) -> Int {
    result.known[slot].codeCount + firstRows[slot].count
  }

  /// Stores the values of each column in their smallest form.
  private mutating func store(_ cells: Span<Double>, _ capacity: Int) {
    result.rowCount = row
    result.texts = texts
    result.firstRows = firstRows
    guard result.failure == nil, result.badColumns.allSatisfy({ $0.count == 0 }) else { return }
    for (slot, request) in plan.requests.enumerated() {
      let values = cells.extracting(slot * capacity..<slot * capacity + row)
      switch request.type {
      case .number: result.values.append(StoredValues(numbers: values))
      case .datetime: result.values.append(StoredValues(doubles: values))
      case .date: result.values.append(StoredValues(days: values))
      case .boolean: result.values.append(StoredValues(codes: values, limit: 2))
      case .ordinal(let order):
        result.values.append(StoredValues(codes: values, limit: order.count))
      case .category:
        result.values.append(StoredValues(codes: values, limit: codeCount(slot)))
      }
    }
  }
}

extension ColumnType {
  /// Whether the texts of the column have codes.
  var hasCodes: Bool {
    switch self {
    case .category, .boolean, .ordinal: true
    case .number, .date, .datetime: false
    }
  }
}
