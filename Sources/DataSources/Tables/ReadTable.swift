internal import DataFiles
internal import YAML

/// A table after reading: its columns, and the used rows.
struct ReadTable {
  /// The columns of the inputs, then those of the targets, then the others.
  let table: StoredTable
  /// The rows that are examples. Rows with gaps are left out where a column says `missing: row`, and
  /// rows without a target where the source says so.
  let rows: [Int]
  /// Whether each row of the table is an example.
  private let isUsed: [Bool]
  private let inputs: [ColumnEncoding]
  /// The field of the part that states the input columns.
  private let field: String
  private let context: DataContext

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - targets: the columns of the targets. A row whose target is missing is left out, if the
  ///     request allows missing values.
  ///   - others: further columns.
  ///   - marks: the marks in numbers of the table.
  ///   - field: the field of the part that states the input columns.
  /// - Throws: a failure of the table's form at `file`, of its inputs at `field`, or all bad cells.
  init(
    _ reader: TableReader, _ inputs: [TableInputs.Column], targets: [ColumnRequest],
    others: [ColumnRequest], _ marks: NumberMarks, field: String, _ context: DataContext
  ) throws(DataFailure) {
    let phase = context.phase
    let requests =
      inputs.map { $0.encoding.request($0.index, field: field, mark: $0.mark, marks) } + targets
      + others
    let table: StoredTable
    do throws(DataFailure) {
      table = try reader.read(requests, memory: DataLimits.memory, loop: context.loop)
    } catch {
      guard case .cells(let cells, nil) = error else { throw error.blaming("file", of: phase) }
      throw .cells(cells, of: phase)
    }
    var isUsed = [Bool](repeating: true, count: table.rowCount)
    for (input, column) in zip(inputs, table.columns) {
      input.encoding.dropMissingRows(of: column, from: &isUsed)
    }
    for column in table.columns.dropFirst(inputs.count).prefix(targets.count)
    where column.missingCount > 0 {
      for row in isUsed.indices where column.isMissing(row) { isUsed[row] = false }
    }
    rows = isUsed.indices.filter { isUsed[$0] }
    guard !rows.isEmpty else {
      throw .field(
        field,
        message: "\(table.path.quotable): expected a row without missing values, received none",
        of: phase)
    }
    self.table = table
    self.isUsed = isUsed
    self.inputs = inputs.map(\.encoding)
    self.field = field
    self.context = context
  }

  /// Returns the encodings of the inputs, with all that the training rows show, and the values of
  /// the inputs.
  ///
  /// - Parameter examples: the examples, with what their division into parts reads.
  func encoded(
    _ examples: DividedRows
  ) throws(DataFailure) -> (encodings: [ColumnEncoding], values: EncodedTable) {
    let columns = Array(table.columns.prefix(inputs.count))
    var training: [Bool]?
    if inputs.contains(where: \.isLearned) {
      training = try trainingRows(examples)
    }
    return try DataFailure.blaming(field, of: context.phase) { () throws(DataFailure) in
      var encodings = inputs
      if let training {
        for (index, column) in columns.enumerated() {
          encodings[index] = try encodings[index].fitted(
            to: column, rows: training, path: table.path)
        }
      }
      return (
        encodings,
        try EncodedTable(table, columns, encodings, rows: rows, isUsed, field: field)
      )
    }
  }

  /// Returns whether each row of the table is in the training part.
  private func trainingRows(_ examples: DividedRows) throws(DataFailure) -> [Bool] {
    guard let isTraining = try context.trainingRows(examples) else { return isUsed }
    var marks = isUsed
    for (row, isInPart) in zip(rows, isTraining) { marks[row] = isInPart }
    return marks
  }

  /// Returns the category of each example in a column.
  func categories(_ column: StoredColumn) -> [Int] {
    rows.map { row in
      let code = column.values[row]
      return code.isNaN ? 0 : Int(code)
    }
  }
}
