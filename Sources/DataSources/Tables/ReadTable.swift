internal import DataFiles
internal import YAML

/// A table after reading: its columns, the used rows, and the values of the inputs.
struct ReadTable {
  /// The columns of the inputs, then those of the targets.
  let table: StoredTable
  /// The rows that are examples. Rows with gaps are left out where a column says `missing: row`.
  let rows: [Int]
  /// The encodings of the inputs, with all that the training rows show.
  let encodings: [ColumnEncoding]
  let inputs: EncodedTable

  /// Reads a table.
  ///
  /// - Parameter field: the field of the part that states the input columns.
  /// - Throws: a failure of the table's form at `file`, of its inputs at `field`, or all bad cells.
  init(
    _ reader: TableReader, _ inputs: [TableInputs.Column], targets: [ColumnRequest],
    field: String, _ context: DataContext
  ) throws(DataFailure) {
    let phase = context.phase
    let requests = inputs.map { $0.encoding.request($0.index, field: field) } + targets
    let table: StoredTable
    do throws(DataFailure) {
      table = try reader.read(requests, memory: DataLimits.memory)
    } catch {
      guard case .cells(let cells, nil) = error else { throw error.blaming("file", of: phase) }
      throw .cells(cells, of: phase)
    }
    let columns = Array(table.columns.prefix(inputs.count))
    var isUsed = [Bool](repeating: true, count: table.rowCount)
    for (input, column) in zip(inputs, columns) {
      input.encoding.dropMissingRows(of: column, from: &isUsed)
    }
    let rows = isUsed.indices.filter { isUsed[$0] }
    let path = table.path
    (encodings, self.inputs) = try DataFailure.blaming(field, of: phase) {
      () throws(DataFailure) in
      guard !rows.isEmpty else {
        throw .content(
          "\(path.quotable): expected a row without missing values, received none")
      }
      var encodings = inputs.map(\.encoding)
      if encodings.contains(where: \.isLearned) {
        let training = try ReadTable.trainingRows(of: rows, isUsed, context)
        for (index, column) in columns.enumerated() {
          encodings[index] = try encodings[index].fitted(to: column, rows: training, path: path)
        }
      }
      let encoded = try EncodedTable(
        table, columns, encodings, rows: rows, isUsed, field: field)
      return (encodings, encoded)
    }
    self.table = table
    self.rows = rows
  }

  /// Returns whether each row of the table is in the training part.
  private static func trainingRows(
    of rows: [Int], _ isUsed: [Bool], _ context: DataContext
  ) throws(DataFailure) -> [Bool] {
    guard let isTraining = try context.trainingRows(rows.count) else { return isUsed }
    var marks = isUsed
    for (row, isInPart) in zip(rows, isTraining) { marks[row] = isInPart }
    return marks
  }
}
