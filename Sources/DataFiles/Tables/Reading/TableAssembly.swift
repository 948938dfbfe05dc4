internal import YAML

/// Joins parsed blocks, in the order of the file, to the columns of a table.
struct TableAssembly {
  private let header: TableHeader
  private let plan: RowPlan
  private let memory: Int
  private var values: [ValuesBuilder] = []
  private var missingCounts: [Int] = []
  private var categories: [CategoryIndex?] = []
  private var badCells: BadCells
  private var lines = RowLines()
  private var rowCount = 0
  /// The bytes of the values, and those for which there is memory.
  private var byteCount = 0
  private var grantedBytes = 0
  /// The size of the text of one table in bytes.
  private let size: Int
  /// The expected number of rows. Nil before the first rows.
  private var expectedCount: Int?
  /// The number of lines before the next block.
  private var line: Int
  private var endsWithSeparator: Bool?
  /// The line of an empty line after the last row.
  private var emptyLine: Int?

  init(_ header: TableHeader, _ plan: RowPlan, headerLines: Int, size: Int, memory: Int) {
    self.header = header
    self.plan = plan
    self.memory = memory
    line = headerLines
    self.size = size
    badCells = BadCells(path: header.path)
    resetColumns()
  }

  private var path: String { header.path.quotable }

  /// Whether a cell of the blocks was bad. The values of further blocks are not kept.
  var hasBadCells: Bool { !badCells.isEmpty }

  /// Adds the next block.
  ///
  /// - Throws: a failure when the table's form is wrong, or its columns need too much memory.
  mutating func add(_ block: ParsedBlock) throws(DataFailure) {
    try checkForm(block)
    addBadCells(block)
    if badCells.isEmpty, block.rowCount > 0 { try addValues(block) }
    moveOn(past: block)
  }

  /// Checks the next block like ``add(_:)``, but keeps none of its values.
  mutating func check(_ block: ParsedBlock) throws(DataFailure) {
    try checkForm(block)
    addBadCells(block)
    guard badCells.isEmpty else { throw .cells(badCells) }
    moveOn(past: block)
  }

  private mutating func checkForm(_ block: ParsedBlock) throws(DataFailure) {
    if block.rowCount > 0 || block.failure != nil { try checkFirstRow(block) }
    if let failure = block.failure {
      let column = failure.column.map { ", column '\($0.quotable)'" } ?? ""
      throw .content("\(path): row \(line + failure.line + 1)\(column): \(failure.message)")
    }
  }

  private mutating func moveOn(past block: ParsedBlock) {
    lines.append(block.lines, row: rowCount, line: line + 1)
    rowCount += block.rowCount
    line += block.lineCount
  }

  /// Compares the first row of a block with the rows above.
  private mutating func checkFirstRow(_ block: ParsedBlock) throws(DataFailure) {
    if let emptyLine {
      throw .content(
        "\(path): row \(emptyLine): expected \(plan.width), received an empty line")
    }
    if let own = block.endsWithSeparator {
      if let others = endsWithSeparator, own != others {
        throw .content(
          "\(path): row \(line + block.firstLine + 1): "
            + (others
              ? "expected a \(plan.scanner.word) at the end, as in the rows above, received none"
              : plan.wrongCount(plan.steps.count + 1)))
      }
      endsWithSeparator = own
    }
  }

  private mutating func addBadCells(_ block: ParsedBlock) {
    if emptyLine == nil { emptyLine = block.emptyLine.map { line + $0 + 1 } }
    let order = block.badColumns.indices.filter { block.badColumns[$0].count > 0 }
      .sorted { block.badColumns[$0].rank < block.badColumns[$1].rank }
    for slot in order {
      let bad = block.badColumns[slot]
      let request = plan.requests[slot]
      badCells.add(
        column: plan.names[request.column], field: request.field, mark: request.mark,
        count: bad.count
      ) {
        bad.cells.map { cell in
          BadCells.Cell(
            row: cell.row + line + 1, message: cell.message,
            mark: Mark(
              source: SourceText(
                name: header.path, text: cell.text, firstLine: cell.line + line + 1),
              line: cell.line + line + 1, column: cell.column))
        }
      }
    }
  }

  private mutating func addValues(_ block: ParsedBlock) throws(DataFailure) {
    let scale = Double(size) / Double(max(1, block.byteCount))
    let capacity = expectedCount ?? Int(min(Double(block.rowCount) * scale * 1.02 + 64, 1e12))
    expectedCount = capacity
    var parts = block.values
    for (slot, request) in plan.requests.enumerated()
    where categories[slot] != nil && block.texts[slot].count > block.known[slot].codes.count {
      let codes = categories[slot]?.add(
        block.texts[slot], beyond: block.known[slot],
        firstRows: block.firstRows[slot].map { $0 + rowCount })
      guard let codes else { throw tooManyCategories(request) }
      parts[slot] = StoredValues(
        parts[slot], recoded: codes, limit: categories[slot]?.names.count ?? 0)
    }
    byteCount += parts.reduce(0) { $0 + $1.byteCount }
    guard byteCount <= memory else {
      throw .io(
        "\(path): expected columns of at most \(memory) bytes of memory, received more in row "
          + "\(line + block.firstLine + 1)")
    }
    if byteCount > grantedBytes {
      let bytes = grantedBytes == 0 ? Int(min(Double(byteCount) * scale, 1e18)) : byteCount
      guard DataLimits.fitsMemory(bytes) else {
        throw .io("\(path): needs \(bytes) bytes of memory, more than are free")
      }
      grantedBytes = max(bytes, 2 * byteCount)
    }
    for (slot, part) in parts.enumerated() {
      missingCounts[slot] += block.missingCounts[slot]
      values[slot].append(part, capacity: capacity)
    }
  }

  /// The texts of each request that the next blocks know.
  var known: [KnownTexts] { categories.map { $0?.known ?? KnownTexts() } }

  private func tooManyCategories(_ request: ColumnRequest) -> DataFailure {
    let name = plan.names[request.column].quotable
    // A column of labels does not have texts for missing values.
    let (kind, advice) =
      request.hasMissingTexts
      ? ("categories", "; leave the column out, or set its type ('type: number')") : ("classes", "")
    return .content(
      "\(path): column '\(name)': expected at most \(request.categoryLimit) \(kind), received more"
        + advice)
  }

  /// Returns the table of the blocks that were added since the last table. Nil without rows.
  ///
  /// - Throws: the bad cells of these blocks.
  mutating func takeTable() throws(DataFailure) -> StoredTable? {
    guard badCells.isEmpty else { throw .cells(badCells) }
    guard rowCount > 0 else { return nil }
    var columns: [StoredColumn] = []
    for (slot, request) in plan.requests.enumerated() {
      var names = categories[slot]?.names ?? []
      if case .ordinal(let order) = request.type { names = order }
      columns.append(
        StoredColumn(
          name: plan.names[request.column], type: request.type, values: values[slot].values,
          categories: names, firstRows: categories[slot]?.firstRows ?? [],
          missingCount: missingCounts[slot]))
    }
    let table = StoredTable(header, columns, rowCount: rowCount, lines: lines)
    (rowCount, byteCount, lines) = (0, 0, RowLines())
    resetColumns()
    return table
  }

  private mutating func resetColumns() {
    values = [ValuesBuilder](repeating: ValuesBuilder(), count: plan.requests.count)
    missingCounts = [Int](repeating: 0, count: plan.requests.count)
    categories = plan.requests.map {
      $0.type == .category
        ? CategoryIndex(limit: $0.categoryLimit, isVerbatim: $0.isVerbatim) : nil
    }
  }
}
