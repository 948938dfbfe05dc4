/// The content of every column of a table: how often which texts occur, and the types that they fit.
///
/// The survey reads the table once, in blocks. Its memory does not depend on the number of rows,
/// because it counts only a limited number of different texts for each column.
package struct TableSurvey: Sendable {
  package let header: TableHeader
  package private(set) var rowCount = 0
  /// One survey for each column of the table.
  package private(set) var columns: [ColumnSurvey]

  /// The greatest number of different texts that all columns together keep.
  private static let textCount = 2_000_000

  /// Returns the greatest number of different texts that are counted for each of `columnCount`
  /// columns.
  static func textLimit(columnCount: Int) -> Int {
    min(1000, max(32, textCount / max(1, columnCount)))
  }

  /// Reads a table.
  ///
  /// - Parameter blockLimit: the greatest number of blocks that are read. Nil means all.
  /// - Throws: a failure when the file cannot be read, or its form is wrong.
  package init(
    _ source: TableSource, _ dialect: TableDialect, blockLimit: Int? = nil, blockSize: Int? = nil
  ) throws(DataFailure) {
    var plain = dialect
    // Every other text is counted, also one that means a missing value.
    plain.missing = [""]
    let reader = try TableReader(source, plain, blockSize: blockSize)
    header = reader.header
    let limit = TableSurvey.textLimit(columnCount: header.names.count)
    let missing = MissingTexts(dialect.missing.filter { !$0.isEmpty })
    columns = header.names.map { ColumnSurvey(name: $0, textLimit: limit, missing: missing) }
    let requests = header.names.indices.map {
      ColumnRequest($0, .category, allowsMissing: true, textLimit: CellScanner.cellLimit)
    }
    let plan = reader.plan(requests)
    var assembly = reader.assembly(plan, size: 0, memory: 0)
    var (blockCount, cells): (Int, [Double]) = (0, [])
    while blockCount < blockLimit ?? .max, let block = try reader.nextBlock() {
      let parsed = BlockParser.parse(block, plan, known: plan.unknownTexts, cells: &cells)
      try assembly.check(parsed)
      for index in columns.indices { columns[index].add(parsed, slot: index) }
      rowCount += parsed.rowCount
      blockCount += 1
    }
  }
}
