internal import YAML

extension TableDialect {
  /// Finds the form of a table's text: its encoding, separator and comments, and whether the first
  /// row names the columns.
  ///
  /// The separator is the one that gives every row of the first block the same number of cells. Of
  /// several, it is the one with the most cells.
  ///
  /// - Throws: a failure when the file cannot be read, or no separator fits.
  package static func found(in source: TableSource) throws(DataFailure) -> TableDialect {
    var dialect = TableDialect()
    dialect.encoding = try TextEncoding.found(in: source)
    dialect.header = true
    dialect = try withSeparator(dialect, source)
    let start = try TableSurvey(source, dialect, blockLimit: 1, blockSize: sampleSize)
    if !start.header.looksLikeNames(start) { dialect.header = false }
    return dialect
  }

  /// The bytes that show the form of the rows.
  private static let sampleSize = 1 << 18

  private static func withSeparator(
    _ dialect: TableDialect, _ source: TableSource
  ) throws(DataFailure) -> TableDialect {
    var best: (dialect: TableDialect, rank: (Int, Int))?
    for comment in [nil, "#"] {
      for separator in TableSeparator.allCases {
        var candidate = dialect
        (candidate.comment, candidate.separator) = (comment, separator)
        guard let rank = try rank(candidate, source) else { continue }
        if best.map({ $0.rank < rank }) ?? true { best = (candidate, rank) }
      }
    }
    // Without a separator that occurs, reading the table shows what is wrong.
    guard let best, best.rank.0 > 0 else { return dialect }
    return best.dialect
  }

  /// Rates a form: first whether there are several cells and all rows agree, then the number of
  /// columns. Nil when the header cannot be read.
  private static func rank(
    _ dialect: TableDialect, _ source: TableSource
  ) throws(DataFailure) -> (Int, Int)? {
    let reader: TableReader
    do throws(DataFailure) {
      reader = try TableReader(source, dialect, blockSize: sampleSize)
    } catch {
      if case .io = error { throw error }
      return nil
    }
    let count = reader.header.names.count
    guard let block = try reader.nextBlock() else { return (0, count) }
    guard count > 1 else { return (0, count) }
    var cells: [Double] = []
    let isWhole =
      BlockParser.parse(
        block, reader.plan([]), known: [], cells: &cells
      ).failure == nil
    return (isWhole ? 2 : 1, count)
  }
}

extension TableHeader {
  /// Whether the first row names the columns instead of being an example.
  ///
  /// It is an example if all its cells are numbers, or if some are and a text recurs below in its
  /// column. A row of texts is an example if all of them recur.
  fileprivate func looksLikeNames(_ start: TableSurvey) -> Bool {
    let cells = names.enumerated().filter { !$1.isEmpty }
    let isNumber = cells.map { _, text in
      let bytes = Array(text.utf8)
      var numbers = NumberForms()
      numbers.add(bytes.span, 0..<bytes.count)
      return numbers.isNumber
    }
    let texts = zip(cells, isNumber).filter { !$1 }.map(\.0)
    let recurring = texts.filter { start.columns[$0].texts[$1] != nil }
    guard isNumber.contains(true) else {
      return texts.isEmpty || recurring.count < texts.count
    }
    return !texts.isEmpty && recurring.isEmpty
  }
}
