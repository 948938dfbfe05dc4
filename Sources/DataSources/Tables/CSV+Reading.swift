package import DataFiles
internal import Fields
internal import Tensors
internal import YAML

extension CSV {
  /// Whether the header alone shows the width of the inputs.
  package var isFitted: Bool { inputs?.isFitted ?? true }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    let reader = try open(context)
    let all = try columns(reader.header, context)
    var columns = all
    if reader.size > context.memory { columns.inputs = CSV.learnedColumns(all.inputs) }
    let classes = context.classes(of: DataTop.label)
    guard isFitted else {
      // The categories are in the rows. The labels are read with all others, later, unless they
      // determine the training rows.
      let hasLabels = context.stratifies && hasLabels
      let readsTargets = hasLabels || missingTarget == .row
      let read = try ReadTable(
        reader, columns.inputs, targets: readsTargets ? columns.targets.map(targetRequest) : [],
        others: columns.groupRequests, dialect.marks, field: inputField, context)
      let labels = hasLabels ? read.table.columns[columns.inputs.count] : nil
      let found = try labels.map { column throws(DataFailure) in
        try self.classes(of: column, read.table, columns.targets[0], context) {
          () throws(DataFailure) in try open(context)
        }
      }
      let encodings = CSV.encodings(
        all.inputs, learned: try encoded(read, labels, found, columns, context).encodings)
      return DataSignature(
        tops(inputs: encodings, classes), exampleCount: read.rows.count)
    }
    return DataSignature(
      tops(inputs: all.inputs.map(\.encoding), classes), exampleCount: nil)
  }

  /// Whether the target is a column of labels.
  private var hasLabels: Bool { target.names.count == 1 && !hasValues }

  /// Returns the encodings and values of the inputs.
  ///
  /// - Parameters:
  ///   - labels: the column of the labels, if it was read.
  ///   - classes: the names of the classes, and the class of each label.
  private func encoded(
    _ read: ReadTable, _ labels: StoredColumn?, _ classes: (names: [String], classOf: [Int])?,
    _ columns: TableColumns, _ context: DataContext
  ) throws(DataFailure) -> (encodings: [ColumnEncoding], values: EncodedTable) {
    var labelled: [Int]?
    if context.stratifies, let labels, let classes {
      labelled = read.categories(labels).map { classes.classOf[$0] }
    }
    return try read.encoded(
      DividedRows(
        count: read.rows.count, classes: labelled, classNames: classes?.names ?? [],
        groups: groups(read, columns)))
  }

  /// Returns the weights of the examples. Nil when the source states none.
  ///
  /// - Throws: a failure at the first weight below 0.
  private func weights(
    _ read: ReadTable, _ columns: TableColumns, _ phase: DataPhase
  ) throws(DataFailure) -> ExampleWeighting? {
    guard columns.weight != nil else { return nil }
    let table = read.table
    let column = table.columns[columns.inputs.count + columns.targets.count]
    guard let storage = FloatStorage(count: read.rows.count) else {
      throw Dataset.noMemory(read.rows.count * MemoryLayout<Float>.size, for: table.path)
    }
    for (example, row) in read.rows.enumerated() {
      let value = Float(column.values[row])
      guard value >= 0, value.isFinite else {
        throw .field(
          "weight",
          message: "\(table.path.quotable): row \(table.line(ofRow: row)), column "
            + "'\(column.name.quotable)': expected a weight of at least 0, received "
            + "\(column.values[row])", of: phase)
      }
      storage[example] = value
    }
    return ExampleWeighting(storage)
  }

  /// Returns the number of each example's group. Nil without groups.
  private func groups(_ read: ReadTable, _ columns: TableColumns) -> [Int]? {
    guard columns.group != nil, let column = read.table.columns.last else { return nil }
    return read.categories(column)
  }

  /// The field that states the input columns.
  private var inputField: String {
    inputs == nil || hasTrainingInputs ? "file" : "inputs"
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try dataset(of: open(context), context) { () throws(DataFailure) in try open(context) }
  }

  private func open(_ context: DataContext) throws(DataFailure) -> TableReader {
    try DataFailure.blaming("file", of: context.phase) { () throws(DataFailure) in
      try TableReader(TableSource(path: context.resolve(file)), dialect)
    }
  }

  /// Reads the examples of a table.
  ///
  /// - Parameter reopen: opens the table again, to find the cells of wrong labels.
  package func dataset(
    of reader: TableReader, _ context: DataContext,
    _ reopen: () throws(DataFailure) -> TableReader
  ) throws(DataFailure) -> Dataset {
    let all = try columns(reader.header, context)
    let isStreamed = reader.size > context.memory
    var columns = all
    if isStreamed { columns.inputs = CSV.learnedColumns(all.inputs) }
    let targets = columns.targets
    let read: ReadTable
    do throws(DataFailure) {
      read = try ReadTable(
        reader, columns.inputs, targets: targets.map(targetRequest),
        others: columns.weightRequests + columns.groupRequests, dialect.marks, field: inputField,
        context)
    } catch {
      guard case .cells(var cells, let phase) = error else { throw error }
      if let labels = badLabels(targets, context, reopen) { cells.add(labels) }
      throw .cells(cells, of: phase)
    }
    let table = read.table
    let targetColumns = table.columns[columns.inputs.count...].prefix(targets.count)
    let labels = hasLabels ? targetColumns.first : nil
    var classes: (names: [String], classOf: [Int])?
    if let labels { classes = try self.classes(of: labels, table, targets[0], context, reopen) }
    var (encodings, values) = try encoded(read, labels, classes, columns, context)
    let inputs: ExampleTensor
    if isStreamed {
      encodings = CSV.encodings(all.inputs, learned: encodings)
      inputs = try spilled(
        try reopen(), all.inputs, encodings, rows: read.rows, field: inputField, context)
    } else {
      inputs = try values.tensor(DataTop(columns: encodings))
    }
    var learned = self
    learned.inputs = TableInputs(encodings)
    learned.task = task ?? (hasValues ? .regression : .classification)
    learned.dialect.separator = reader.header.separator
    let tops = tops(inputs: encodings, classes.map { .names($0.names) })
    return Dataset(
      count: read.rows.count,
      [
        inputs,
        try target(tops[1], targetColumns, classes?.classOf, read.rows, table),
      ], groups: groups(read, columns), weights: try weights(read, columns, context.phase),
      remarks: labels.map { similarLabels($0, table) } ?? [], learned: learned)
  }

  /// The request that reads a column of the target.
  func targetRequest(_ column: Int) -> ColumnRequest {
    let dropsRows = missingTarget == .row
    return hasValues
      ? ColumnRequest(
        column, task == .multiLabel ? .boolean : dialect.marks.columnType, allowsMissing: dropsRows,
        field: "target")
      : ColumnRequest(
        column, .category, allowsMissing: dropsRows, hasMissingTexts: dropsRows,
        expectation: "a class of at most \(TableHeader.nameLimit) bytes", field: "target",
        categoryLimit: ClassNames.range.upperBound)
  }

  /// Returns the cells of wrong labels, for a table that has other bad cells. Nil when there are
  /// none.
  private func badLabels(
    _ targets: [Int], _ context: DataContext, _ reopen: () throws(DataFailure) -> TableReader
  ) -> BadCells? {
    guard !hasValues, let table = try? reopen().read(targets.map(targetRequest)) else {
      return nil
    }
    do throws(DataFailure) {
      _ = try classes(of: table.columns[0], table, targets[0], context, reopen)
    } catch {
      if case .cells(let cells, _) = error { return cells }
    }
    return nil
  }

  /// Returns the tensor of the target.
  func target(
    _ top: DataTop, _ columns: ArraySlice<StoredColumn>, _ classOf: [Int]?, _ rows: [Int],
    _ table: StoredTable
  ) throws(DataFailure) -> ExampleTensor {
    if let classOf, let column = columns.first {
      guard let storage = FloatStorage(count: rows.count) else {
        throw Dataset.noMemory(rows.count * 4, for: table.path)
      }
      for (example, row) in rows.enumerated() {
        let code = column.values[row]
        // A label is never missing, because no text means a missing label.
        storage[example] = Float(classOf[code.isNaN ? 0 : Int(code)])
      }
      return ExampleTensor(top, .floats(storage))
    }
    let encodings = target.names.map { name in
      var encoding = ColumnEncoding(column: name)
      if task == .multiLabel { encoding.kind = .boolean }
      return encoding
    }
    return try EncodedTable(table, Array(columns), encodings, rows: rows, nil, field: "target")
      .tensor(top)
  }
}
