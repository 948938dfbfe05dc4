package import DataFiles
internal import Tensors
internal import YAML

/// The rows of a table as examples, a block of about 1 MiB of text at a time.
package final class TablePieces: ExamplePieces {
  private let parts: TableParts
  private let path: String
  private let inputs: [ColumnEncoding]
  /// Opens the table again to count its rows. Nil for the standard input.
  private let reopen: (() throws(DataFailure) -> TableReader)?
  private var hasRows = false

  package let labelNames: [String]

  /// The greatest number of different cells of a kept column in a block, which has fewer bytes.
  private static let textCount = 1 << 24
  /// The greatest length of a cell of a kept column in bytes.
  private static let textLimit = 1 << 20

  /// - Parameters:
  ///   - path: the table.
  ///   - inputs: the fitted encodings of the columns, in the order of training. The table may have
  ///     its columns in any order, and further columns.
  ///   - kept: the columns that the predictions repeat.
  ///   - blockSize: the size of a block in bytes. Nil means 1 MiB.
  package convenience init(
    path: String, _ dialect: TableDialect, inputs: [ColumnEncoding], keeping kept: [String] = [],
    blockSize: Int? = nil
  ) throws(DataFailure) {
    try self.init(
      TableSource(path: path), dialect, inputs: inputs, keeping: kept, blockSize: blockSize)
  }

  package init(
    _ source: TableSource, _ dialect: TableDialect, inputs: [ColumnEncoding],
    keeping kept: [String] = [], canReopen: Bool = true, blockSize: Int? = nil
  ) throws(DataFailure) {
    let reader = try TableReader(source, dialect, blockSize: blockSize)
    path = reader.header.path.quotable
    self.inputs = inputs
    labelNames = kept
    reopen =
      canReopen
      ? { () throws(DataFailure) in try TableReader(source, dialect, blockSize: blockSize) } : nil
    guard !inputs.isEmpty else {
      throw .content("\(path): expected at least one input column, received none")
    }
    let places = try reader.header.columns(named: inputs.map(\.column))
    // A prediction answers every row, so that none can be left out.
    let requests = zip(places, inputs).map { place, encoding in
      ColumnRequest(
        place, encoding.columnType(dialect.marks),
        allowsMissing: encoding.missing != nil && encoding.missing != .row)
    }
    let keptPlaces = try TablePieces.places(ofKept: kept, reader.header)
    let texts = keptPlaces.map { place in
      ColumnRequest(
        place, .category, allowsMissing: true, hasMissingTexts: false,
        categoryLimit: TablePieces.textCount,
        textLimit: TablePieces.textLimit,
        isVerbatim: true)
    }
    parts = reader.parts(requests + texts)
  }

  /// Finds the columns that the predictions repeat.
  private static func places(
    ofKept kept: [String], _ header: TableHeader
  ) throws(DataFailure) -> [Int] {
    do throws(DataFailure) {
      return try header.columns(named: kept)
    } catch {
      guard case .content(let message) = error else { throw error }
      throw .content("\(message); 'keep' of the model names it")
    }
  }

  package func count() throws(DataFailure) -> Int? {
    guard let reopen else { return nil }
    let parts = try reopen().parts([])
    var count = 0
    while let table = try parts.next() { count += table.rowCount }
    return count
  }

  package func next() throws(DataFailure) -> ExamplePiece? {
    guard let table = try parts.next() else {
      guard hasRows else {
        throw .content("\(path): expected rows below the header, received none")
      }
      return nil
    }
    hasRows = true
    let encoded = try EncodedTable(
      table, Array(table.columns.prefix(inputs.count)), inputs, rows: Array(0..<table.rowCount),
      nil, field: "inputs")
    let dataset = Dataset(
      count: table.rowCount, [try encoded.tensor(DataTop(columns: inputs))])
    return ExamplePiece(dataset: dataset, labels: labels(of: table))
  }

  /// Returns the cells of the kept columns, for each row. An empty cell is an empty text.
  private func labels(of table: StoredTable) -> [[String]] {
    let columns = table.columns.dropFirst(inputs.count)
    guard !columns.isEmpty else { return [] }
    return (0..<table.rowCount).map { row in
      columns.map { column in
        Int(exactly: column.values[row]).map { column.categories[$0] } ?? ""
      }
    }
  }
}
