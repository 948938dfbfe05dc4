import DataFiles
import Testing

/// Support for the tests of tables.

/// Reads columns of the table `text`, called `t.csv`. Numbers are the type of columns not stated.
///
/// - Parameters:
///   - types: the type of each column, in the order of the table.
///   - blockSize: a small size cuts the text into many blocks.
func stored(
  _ text: String, _ types: [ColumnType] = [], _ dialect: TableDialect = TableDialect(),
  allowsMissing: Bool = false, blockSize: Int? = nil
) throws(DataFailure) -> StoredTable {
  try stored(Array(text.utf8), types, dialect, allowsMissing: allowsMissing, blockSize: blockSize)
}

func stored(
  _ bytes: [UInt8], _ types: [ColumnType] = [], _ dialect: TableDialect = TableDialect(),
  allowsMissing: Bool = false, blockSize: Int? = nil
) throws(DataFailure) -> StoredTable {
  let reader = try TableReader(
    TableSource(bytes, path: "t.csv"), dialect, blockSize: blockSize)
  let requests = reader.header.names.indices.map {
    ColumnRequest(
      $0, $0 < types.count ? types[$0] : .number(), allowsMissing: allowsMissing, field: "inputs")
  }
  return try reader.read(requests, loop: inDescendingOrder)
}

/// Runs the pieces of each group in descending order, so that their order cannot matter.
let inDescendingOrder = ParallelLoop(width: 2) { count, body, meanwhile in
  for index in (0..<count).reversed() { body(index) }
  meanwhile()
}

/// Returns the message of the failure that `body` throws. Empty without a failure.
func message<Result>(_ body: () throws(DataFailure) -> Result) -> String {
  do throws(DataFailure) {
    _ = try body()
    return ""
  } catch {
    return error.message
  }
}

extension StoredTable {
  /// The values of a column. Missing values are nil.
  func values(_ column: Int = 0) -> [Double?] {
    (0..<rowCount).map {
      columns[column].isMissing($0) ? nil : columns[column].values[$0]
    }
  }

  /// The categories of the cells of a column. Missing values are nil.
  func texts(_ column: Int = 0) -> [String?] {
    values(column).map { $0.map { columns[column].categories[Int($0)] } }
  }
}

extension TableDialect {
  init(
    separator: TableSeparator? = nil, encoding: TextEncoding? = nil, comment: String? = nil,
    header: Bool? = nil, columns: [String]? = nil
  ) {
    self.init()
    self.separator = separator
    self.encoding = encoding
    self.comment = comment
    self.header = header
    self.columns = columns
  }
}
