internal import Tensors
package import YAML

/// A table in a file of comma-separated text (RFC 4180, UTF-8), its columns named by the first
/// line.
///
/// - One input a column of `inputs`, in that order.
/// - Classification: one target, the number of a class. Regression: one value a column of `target`.
///
/// - `file`: the table, relative to the model file; a regular file of at most 2 GiB.
/// - `target`: the target column; for regression also a list.
/// - `inputs` (all other columns, in the table's order): the input columns. A column that is
///   neither input nor target is not read.
/// - `task`: `classification` or `regression`.
///
/// **Task.** Several targets are a regression. One target is a classification, whose labels may
/// be integers only if `task: classification` or `classes` says so: a column of numbers is never
/// guessed to be labels, nor labels to be numbers, and is refused until `task` says what it is.
/// So the header alone decides what a model is checked against.
///
/// **Classes.** All labels of the file, split or not, are sorted: by value where all are
/// integers, otherwise by code points. Declared `classes: 10` holds labels to 0 … 9 where they are
/// integers, and to ten different texts where not. Declared names are the labels, in that order.
///
/// **Cells** of inputs and of regression targets are decimal numbers, rounded to single
/// precision. An empty cell, `nan`, `inf`, or a space beside the number is a mistake, reported
/// with file, row (the line in the file, the header's being 1) and column.
///
///     data:
///       train: {source: csv, file: data/iris.csv, target: label, fraction: [0, 0.8],
///               standardize: true}
package struct CSV: DataSource, Equatable {
  package enum Task: String, FieldChoice {
    case classification
    case regression
  }

  package var file = ""
  package var target = ColumnNames([])
  package var inputs: ColumnNames?
  package var task: Task?

  package init() {}

  package static let reference = Reference(
    "csv",
    formula: "a table with a header line: one input a column, one row an example",
    discussion: """
      Text labels are classes, sorted. Numbers in the target column need task: regression or \
      task: classification (or classes), several targets are a regression. Inputs are all columns \
      but the target where none are named.
      """,
    example: """
      {source: csv, file: data/iris.csv, inputs: [petal_length, petal_width], target: label, \
      batch_size: 16, fraction: [0, 0.8], standardize: true}
      """)

  package static var fields: [Field<CSV>] {
    [
      .required("file", \.file, .path, "The table."),
      .required(
        "target", \.target, .any, "The target column; for regression also a list of columns."),
      .optional("inputs", \.inputs, .any, "The input columns. Default: all but the target."),
      .optional(
        "task", \.task, .any,
        "What a target is: a class or a value. Default: classification by text labels, or by any "
          + "labels where classes are declared; regression for several targets."),
    ]
  }

  package var targetNames: [String] { target.names }

  package func tableColumns(
    _ count: Int, _ context: DataContext
  ) throws(DataFailure) -> [String] {
    if let inputs { return inputs.names }
    return try signature(context).inputNames
  }

  package func learned(from dataset: Dataset) -> any DataSource {
    var source = self
    source.inputs = ColumnNames(dataset.inputNames)
    source.task = dataset.targetShape == nil ? .classification : .regression
    return source
  }

  package func isSameData(as other: any DataSource) -> Bool { other as? CSV == self }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if let column = target.names.first(where: { inputs?.names.contains($0) ?? false }) {
      diagnostics.error(
        "target: expected a column that is no input, received '\(column.quotable)'",
        at: (node["target"] ?? node).mark)
    }
    if task == .classification, target.names.count > 1 {
      diagnostics.error(
        "target: expected one column for a classification, received \(target.names.count)",
        at: (node["target"] ?? node).mark)
    }
    if isRegression, declaration.classes != nil {
      diagnostics.error(
        "classes: expected none, since the task is regression",
        at: (node["classes"] ?? node).mark)
    }
    if let inputs, let mistake = declaration.shapeMistake(for: Shape([inputs.names.count])) {
      diagnostics.error(mistake, at: (node["shape"] ?? node).mark)
    }
  }

  private var isRegression: Bool { (task ?? defaultTask) == .regression }

  private var defaultTask: Task { target.names.count > 1 ? .regression : .classification }

  private var targetShape: Shape? { isRegression ? Shape([target.names.count]) : nil }

  /// The columns of inputs and targets in a table.
  private func columns(
    _ header: CSVHeader, _ phase: DataPhase
  ) throws(DataFailure) -> (inputs: [Int], targets: [Int]) {
    let targets = try DataFailure.blaming("target", of: phase) { () throws(DataFailure) in
      try header.columns(named: target.names)
    }
    let inputs = try DataFailure.blaming("inputs", of: phase) { () throws(DataFailure) in
      try self.inputs.map { names throws(DataFailure) in try header.columns(named: names.names) }
        ?? header.names.indices.filter { !targets.contains($0) }
    }
    guard !inputs.isEmpty else {
      throw .field(
        "target",
        message:
          "\(header.path.quotable): row 1: expected a column besides the target, received none",
        of: phase)
    }
    return (inputs, targets)
  }

  package func signature(_ context: DataContext) throws(DataFailure) -> DataSignature {
    let header = try DataFailure.blaming("file", of: context.phase) { () throws(DataFailure) in
      try CSVHeader.read(path: context.resolve(file))
    }
    let inputs = try columns(header, context.phase).inputs
    return DataSignature(
      inputShape: Shape([inputs.count]), targetShape: targetShape,
      classes: isRegression ? nil : context.classes, inputNames: inputs.map { header.names[$0] },
      exampleCount: nil)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try dataset(of: CSVTable.read(path: context.resolve(file)), context)
  }

  /// The examples of `table`.
  package func dataset(of table: CSVTable, _ context: DataContext) throws(DataFailure) -> Dataset {
    let (inputs, targets) = try columns(table.headLine, context.phase)
    let (values, targetValues) = try Dataset.allocate(
      count: table.rowCount, inputs: inputs.count, targets: targets.count, of: table.path)
    var reader = CSVValues(
      inputs: inputs, targets: targets, columnCount: table.header.count,
      labels: isRegression ? nil : LabelIndex())
    try reader.read(table, inputs: values, targets: targetValues)
    let classes = try reader.labels.map { labels throws(DataFailure) in
      try classNames(labels, targetValues, table, column: targets[0], context)
    }
    return Dataset(
      count: table.rowCount, inputs: values, targets: targetValues,
      inputShape: Shape([inputs.count]), targetShape: targetShape, classes: classes,
      inputNames: inputs.map { table.header[$0] }, targetNames: target.names)
  }

  /// The names of the classes, whose numbers take the place of the labels' provisional ones.
  private func classNames(
    _ labels: LabelIndex, _ targets: FloatStorage, _ table: CSVTable, column: Int,
    _ context: DataContext
  ) throws(DataFailure) -> [String] {
    if task == nil, context.classes == nil,
      let number = labels.labels.first(where: { $0.isNumber })
    {
      throw table.failure(row: number.row, column: column) {
        "expected text labels, received \($0); 'task' says what numbers are: "
          + "classification or regression"
      }.blaming("target", of: context.phase)
    }
    do {
      let (names, classOf) = try labels.classes(context.classes, ignoring: context.ignoredLabels)
      let buffer = unsafe targets.buffer
      var values = unsafe buffer.mutableSpan
      for row in 0..<values.count { values[row] = Float(classOf[Int(values[row])]) }
      return names
    } catch {
      guard let row = error.row else {
        throw context.labelFailure(
          "\(table.path.quotable): column '\(table.header[column].quotable)': "
            + "expected \(error.expected)")
      }
      let failure = table.failure(row: row, column: column) {
        "expected \(error.expected), received \($0)"
      }
      throw context.labelFailure(failure.message)
    }
  }
}
