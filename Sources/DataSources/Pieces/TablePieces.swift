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

  package let labelNames: [String] = []

  /// - Parameters:
  ///   - path: the table. `-` is the standard input.
  ///   - inputs: the fitted encodings of the columns, in the order of training. The table may have
  ///     its columns in any order, and further columns.
  ///   - blockSize: the size of a block in bytes. Nil means 1 MiB.
  package convenience init(
    path: String, _ dialect: TableDialect, inputs: [ColumnEncoding], blockSize: Int? = nil
  ) throws(DataFailure) {
    let isStream = path == "-"
    let source = isStream ? TableSource.standardInput() : try TableSource(path: path)
    try self.init(source, dialect, inputs: inputs, canReopen: !isStream, blockSize: blockSize)
  }

  package init(
    _ source: TableSource, _ dialect: TableDialect, inputs: [ColumnEncoding],
    canReopen: Bool = true, blockSize: Int? = nil
  ) throws(DataFailure) {
    let reader = try TableReader(source, dialect, blockSize: blockSize)
    path = reader.header.path.quotable
    self.inputs = inputs
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
        place, encoding.columnType,
        allowsMissing: encoding.missing != nil && encoding.missing != .row)
    }
    parts = reader.parts(requests)
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
      table, table.columns, inputs, rows: Array(0..<table.rowCount), nil, field: "inputs")
    let names = encoded.names
    let top = DataTop(DataTop.data, shape: Shape([names.count]), valueNames: names)
    let dataset = Dataset(count: table.rowCount, [try encoded.tensor(top)])
    return ExamplePiece(dataset: dataset, labels: [])
  }
}
