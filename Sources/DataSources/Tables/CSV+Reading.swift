package import DataFiles
internal import Fields
internal import Tensors
internal import YAML

extension CSV {
  /// Whether the header alone shows the width of the inputs.
  package var isFitted: Bool { inputs?.isFitted ?? true }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    let reader = try open(context)
    let inputs = try columns(reader.header, context.phase).inputs
    let classes = context.classes(of: DataTop.label)
    guard isFitted else {
      // The categories are in the rows. The labels are read with all others, later.
      let read = try ReadTable(reader, inputs, targets: [], field: inputField, context)
      return DataSignature(
        tops(inputs: read.inputs.names, classes), exampleCount: read.rows.count)
    }
    return DataSignature(
      tops(inputs: inputs.flatMap(\.encoding.names), classes), exampleCount: nil)
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

  /// Returns the columns of inputs and targets in a table.
  private func columns(
    _ header: TableHeader, _ phase: DataPhase
  ) throws(DataFailure) -> (inputs: [TableInputs.Column], targets: [Int]) {
    let targets = try DataFailure.blaming("target", of: phase) { () throws(DataFailure) in
      try header.columns(named: target.names, besides: self.inputs?.names ?? [])
    }
    let inputs = try DataFailure.blaming("inputs", of: phase) { () throws(DataFailure) in
      if let inputs = self.inputs {
        return try inputs.columns(of: header, targets: target.names)
      }
      let others = header.named.filter { !targets.contains($0) }
      try header.check(others)
      return others.map {
        TableInputs.Column(index: $0, encoding: ColumnEncoding(column: header.names[$0]))
      }
    }
    guard !inputs.isEmpty else {
      throw .field(
        "target",
        message:
          "\(header.path.quotable): row \(header.line): expected a column besides the target, "
          + "received none", of: phase)
    }
    return (inputs, targets)
  }

  /// Reads the examples of a table.
  ///
  /// - Parameter reopen: opens the table again, to find the cells of wrong labels.
  package func dataset(
    of reader: TableReader, _ context: DataContext,
    _ reopen: () throws(DataFailure) -> TableReader
  ) throws(DataFailure) -> Dataset {
    let (inputs, targets) = try columns(reader.header, context.phase)
    let read: ReadTable
    do throws(DataFailure) {
      read = try ReadTable(
        reader, inputs, targets: targets.map(targetRequest), field: inputField, context)
    } catch {
      guard case .cells(var cells, let phase) = error else { throw error }
      if let labels = badLabels(targets, context, reopen) { cells.add(labels) }
      throw .cells(cells, of: phase)
    }
    let table = read.table
    let labels = targets.count == 1 && !isRegression ? table.columns.last : nil
    var classes: (names: [String], classOf: [Int])?
    if let labels { classes = try self.classes(of: labels, table, targets[0], context, reopen) }
    var learned = self
    learned.inputs = TableInputs(read.encodings)
    learned.task = isRegression ? .regression : .classification
    learned.dialect.separator = reader.header.separator
    let tops = tops(inputs: read.inputs.names, classes.map { .names($0.names) })
    return Dataset(
      count: read.rows.count,
      [
        try read.inputs.tensor(tops[0]),
        try target(
          tops[1], table.columns.suffix(targets.count), classes?.classOf, read.rows, table),
      ], remarks: labels.map { similarLabels($0, table) } ?? [], learned: learned)
  }

  private func targetRequest(_ column: Int) -> ColumnRequest {
    isRegression
      ? ColumnRequest(column, .number(), field: "target")
      : ColumnRequest(
        column, .category, hasMissingTexts: false,
        expectation: "a class of at most \(TableHeader.nameLimit) bytes", field: "target",
        categoryLimit: ClassNames.range.upperBound)
  }

  /// Returns the cells of wrong labels, for a table that has other bad cells. Nil when there are
  /// none.
  private func badLabels(
    _ targets: [Int], _ context: DataContext, _ reopen: () throws(DataFailure) -> TableReader
  ) -> BadCells? {
    guard !isRegression, let table = try? reopen().read(targets.map(targetRequest)) else {
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
  private func target(
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
    let encodings = target.names.map { ColumnEncoding(column: $0) }
    return try EncodedTable(table, Array(columns), encodings, rows: rows, nil, field: "target")
      .tensor(top)
  }
}
