import DataFiles
import DataSources

/// Reads a table with every type of column, in a dialect that the first byte selects, and encodes
/// its columns. Blocks of two sizes must give the same values or the same failure.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = bytes.first else { return 0 }
  let text = Array(bytes.dropFirst())
  var dialect = TableDialect()
  dialect.encoding = [nil, .utf16, .utf16BigEndian, .latin1][Int(first & 3)]
  if first & 4 != 0 { dialect.comment = "#" }
  if first & 8 != 0 { dialect.header = false }
  let whole = read(text, dialect, blockSize: 1 << 20, allowsMissing: first & 16 != 0)
  let parts = read(text, dialect, blockSize: 5, allowsMissing: first & 16 != 0)
  switch (whole, parts) {
  case (.success(let whole), .success(let parts)):
    precondition(whole.rowCount == parts.rowCount, "other rows in small blocks")
    for (left, right) in zip(whole.columns, parts.columns) {
      precondition(left.categories == right.categories, "other categories in small blocks")
      for row in 0..<whole.rowCount {
        let (left, right) = (left.values[row], right.values[row])
        precondition(left == right || left.isNaN && right.isNaN, "other values in small blocks")
      }
    }
    encode(whole)
  case (.failure, .failure): break
  default: preconditionFailure("a table that depends on the size of blocks")
  }
  return 0
}

private func read(
  _ text: [UInt8], _ dialect: TableDialect, blockSize: Int, allowsMissing: Bool
) -> Result<StoredTable, DataFailure> {
  let types: [ColumnType] = [
    .number(), .category, .boolean, .date(), .datetime(), .ordinal(["a", "b"]),
    .number(decimal: .comma, thousands: .point), .date(DateFormat("%d.%m.%Y")),
  ]
  return Result { () throws(DataFailure) in
    let reader = try TableReader(
      TableSource(text, path: "fuzz.csv"), dialect, blockSize: blockSize)
    let requests = reader.header.names.indices.prefix(64).map {
      ColumnRequest($0, types[$0 % types.count], allowsMissing: allowsMissing)
    }
    return try reader.read(
      requests,
      loop: ParallelLoop(width: 2) { count, body, meanwhile in
        meanwhile()
        for index in 0..<count { body(index) }
      })
  }
}

private func encode(_ table: StoredTable) {
  let kinds: [ColumnKind] = [.number, .category, .boolean, .date, .datetime, .ordinal]
  for (index, column) in table.columns.enumerated() where index % 8 < kinds.count {
    var encoding = ColumnEncoding(column: column.name)
    encoding.kind = kinds[index % 8]
    encoding.order = ["a", "b"]
    encoding.missing = .own
    guard let fitted = try? encoding.fitted(to: column, path: "fuzz.csv"),
      let encoder = try? ColumnEncoder(fitted, of: column, in: table)
    else { continue }
    for row in 0..<table.rowCount {
      precondition(encoder.values(ofRow: row).allSatisfy(\.isFinite), "a value that is not finite")
    }
  }
}
