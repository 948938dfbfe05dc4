package import DataFiles
package import Fields
internal import Tensors
package import YAML

/// A table in a file of comma-separated text (RFC 4180, UTF-8) with a header line.
///
/// - Each column of `inputs` is one input, in that order.
/// - A classification has one target, the index of a class. A regression has one value for each
///   column of `target`.
///
/// - `file`: the table, relative to the model file; a regular file of at most 2 GiB.
/// - `header` (true): whether the first line names the columns. With false the first line is an
///   example, and the names of the columns are `x1`, `x2` and so on. If `header` is not stated, a
///   first line of numbers is refused, because it may be an example.
/// - `target`: the target column; for regression also a list.
/// - `inputs` (all other columns that have a name, in the table's order): the input columns.
/// - `task`: `classification` or `regression`.
///
/// **Unused columns.** Columns that are neither inputs nor targets are not read. Their names may be
/// empty or repeated, and their cells may have any content. A column without a name, such as the
/// index that pandas writes, is never read. Every row may end with a comma.
///
/// **Task.** If `task` is not stated, several targets are a regression, and one target is a
/// classification. A single target column of numbers is refused if neither `task` nor `classes` is
/// stated. Therefore dlrun needs only the header to check a model.
///
/// **Classes.** All labels of the file are sorted, including those of other parts. If all are
/// integers, they are sorted by value, and otherwise by code points. `classes: 10` restricts
/// integer labels to 0 … 9 (1 … 10 with `label_offset: 1`), and other labels to ten different
/// texts. If `classes` is a list of names, the labels are these names, in that order. All spellings
/// of one number are one label: `01`, `1` and `1.0`. Labels that differ only in blanks or letter
/// case are different classes, and cause a warning.
///
/// **Cells** of inputs and regression targets are decimal numbers, rounded to float32. An empty
/// cell, `nan`, `inf`, or a space beside the number is a mistake. dlrun reports up to ten mistakes
/// of each column with file, row and column. The row is the line in the file, and the header has
/// row 1.
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
  package var header: Bool?
  package var target = ColumnNames([])
  package var inputs: ColumnNames?
  package var task: Task?

  package init() {}

  package static let reference = Reference(
    "csv",
    formula: "a table with a header line: a column is an input, and a row is an example",
    discussion: """
      Text labels are classes in sorted order. Numbers in the target column need \
      task: regression, task: classification, or classes. Several targets are a regression. The \
      default inputs are all columns except the target.
      """,
    example: """
      {source: csv, file: data/iris.csv, inputs: [petal_length, petal_width], target: label, \
      batch_size: 16, fraction: [0, 0.8], standardize: true}
      """)

  package static var fields: [Field<CSV>] {
    [
      .required("file", \.file, .path, role: .path, "The table."),
      .optional(
        "header", \.header, .any,
        "Whether the first line names the columns. Default: true, but a line of numbers is "
          + "refused. With false the columns are x1, x2, ..."),
      .required(
        "target", \.target, .any, "The target column; for regression also a list of columns."),
      .optional(
        "inputs", \.inputs, .any,
        "The input columns. Default: all columns with a name except the target."),
      .optional(
        "task", \.task, .any,
        "The kind of target: a class or a value. Default: regression for several targets, "
          + "otherwise classification. Numeric labels need task or classes."),
    ]
  }

  package var files: [String] { [file] }

  package var targetNames: [String] { target.names }

  package func tableColumns(
    _ count: Int, _ context: DataContext
  ) throws(DataFailure) -> [String] {
    if let inputs { return inputs.names }
    return try signature(context).inputNames
  }

  package func learned(from dataset: Dataset) -> any DataSource {
    var source = self
    source.inputs = ColumnNames(dataset.tensors[0].top.valueNames)
    source.task = dataset.targets[0].top.hasClasses ? .classification : .regression
    return source
  }

  package func isSameData(as other: any DataSource) -> Bool { other as? CSV == self }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    if let column = target.names.first(where: { inputs?.names.contains($0) ?? false }) {
      diagnostics.error(
        "target: expected a column that is not an input, received '\(column.quotable)'",
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
    if let mistake = repeatedClass(declaration.classes) {
      diagnostics.error(mistake, at: (node["classes"] ?? node).mark)
    }
    if let inputs, let mistake = declaration.shapeMistake(for: Shape([inputs.names.count])) {
      diagnostics.error(mistake, at: (node["shape"] ?? node).mark)
    }
  }

  /// Returns a message when two declared names spell the same number. In a table they would be one
  /// label.
  private func repeatedClass(_ classes: ClassNames?) -> String? {
    guard case .names(let names) = classes else { return nil }
    var known: [String: String] = [:]
    for name in names {
      let canonical = LabelIndex.canonicalName(of: name)
      if let other = known[canonical] {
        return "classes: expected every class once, received '\(other.quotable)' and "
          + "'\(name.quotable)', which are the same number"
      }
      known[canonical] = name
    }
    return nil
  }

  private var isRegression: Bool { (task ?? defaultTask) == .regression }

  private var defaultTask: Task { target.names.count > 1 ? .regression : .classification }

  private func tops(inputs names: [String], _ classes: ClassNames?) -> [DataTop] {
    [
      DataTop(DataTop.data, shape: Shape([names.count]), valueNames: names),
      isRegression
        ? DataTop(
          DataTop.label, isTarget: true, shape: Shape([target.names.count]),
          valueNames: target.names) : DataTop(classes: classes),
    ]
  }

  /// Returns the columns of inputs and targets in a table.
  private func columns(
    _ header: CSVHeader, _ phase: DataPhase
  ) throws(DataFailure) -> (inputs: [Int], targets: [Int]) {
    let targets = try DataFailure.blaming("target", of: phase) { () throws(DataFailure) in
      try header.columns(named: target.names, besides: self.inputs?.names ?? [])
    }
    let inputs = try DataFailure.blaming("inputs", of: phase) { () throws(DataFailure) in
      if let names = self.inputs {
        return try header.columns(named: names.names, besides: target.names)
      }
      let others = header.named.filter { !targets.contains($0) }
      try header.check(others)
      return others
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
      try CSVHeader.read(path: context.resolve(file), hasHeader: self.header)
    }
    let inputs = try columns(header, context.phase).inputs
    return DataSignature(
      tops(inputs: inputs.map { header.names[$0] }, context.classes(of: DataTop.label)),
      exampleCount: nil)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let table = try DataFailure.blaming("file", of: context.phase) { () throws(DataFailure) in
      try CSVTable.read(path: context.resolve(file), hasHeader: header)
    }
    return try dataset(of: table, context)
  }

  /// Returns the examples of `table`.
  package func dataset(of table: CSVTable, _ context: DataContext) throws(DataFailure) -> Dataset {
    let (inputs, targets) = try columns(table.headLine, context.phase)
    let (values, targetValues) = try Dataset.allocate(
      count: table.rowCount, inputs: inputs.count, targets: targets.count, of: table.path)
    var reader = CSVValues(
      table, inputs: inputs, targets: targets, labels: isRegression ? nil : LabelIndex(),
      fields: (self.inputs == nil ? "file" : "inputs", "target"))
    reader.read(table, inputs: values, targets: targetValues)
    let classes = try classNames(&reader, targetValues, table, column: targets[0], context)
    guard reader.badCells.isEmpty else { throw .cells(reader.badCells, of: context.phase) }
    let tops = tops(inputs: inputs.map { table.header[$0] }, classes.map(ClassNames.names))
    return Dataset(
      count: table.rowCount,
      [
        ExampleTensor(
          tops[0], .floats(values),
          exact: reader.inputsAreExact ? nil : CSVColumns(table, inputs)),
        ExampleTensor(
          tops[1], .floats(targetValues),
          exact: reader.targetsAreExact ? nil : CSVColumns(table, targets)),
      ],
      remarks: classes == nil ? [] : similarLabels(reader.labels, table, column: targets[0]))
  }

  /// Warns of labels that differ only in blanks or letter case, because the author may have meant
  /// one class.
  private func similarLabels(
    _ labels: LabelIndex?, _ table: CSVTable, column: Int
  ) -> [DataRemark] {
    let pairs = labels?.similarLabels ?? []
    guard let (first, second) = pairs.first else { return [] }
    func place(_ label: LabelIndex.Label) -> String {
      "'\(label.text.quotable)' (first in row \(table.line(ofRow: label.row)))"
    }
    let more = pairs.count - 1
    return [
      DataRemark(
        .similarLabels, fields: ["target"],
        "\(table.path.quotable): column '\(table.header[column].quotable)': \(place(first)) and "
          + "\(place(second)) are two classes that differ only in blanks or letter case"
          + (more > 0 ? ", as do \(more) more pair\(more == 1 ? "" : "s")" : "")
          + "; use one spelling if they are one class")
    ]
  }

  /// Returns the names of the classes, and replaces provisional label numbers by class indices. Nil
  /// for a regression.
  ///
  /// Labels that do not name a class are recorded as bad cells.
  private func classNames(
    _ reader: inout CSVValues, _ targets: FloatStorage, _ table: CSVTable, column: Int,
    _ context: DataContext
  ) throws(DataFailure) -> [String]? {
    guard let labels = reader.labels else { return nil }
    let numbers = labels.labels.filter(\.isNumber)
    let classes = context.classes(of: DataTop.label)
    if task == nil, classes == nil, !numbers.isEmpty {
      // For a column of numbers one message is enough, because only one field of the model file is
      // missing.
      let isColumnOfNumbers = numbers.count == labels.labels.count
      for label in isColumnOfNumbers ? numbers.prefix(1) : numbers[...] {
        reader.refuseLabel(table, row: label.row, column: column, field: "target") {
          "expected text labels, received \($0); set 'task' to classification or regression "
            + "for numbers"
        }
      }
      return nil
    }
    do {
      let (names, classOf) = try labels.classes(
        classes, offset: context.labelOffset, ignoring: context.ignoredLabels)
      let buffer = unsafe targets.buffer
      var values = unsafe buffer.mutableSpan
      for row in 0..<values.count { values[row] = Float(classOf[Int(values[row])]) }
      return names
    } catch {
      guard !error.rows.isEmpty else {
        // Bad cells may be the reason for too few classes.
        guard reader.badCells.isEmpty else { return nil }
        throw context.labelFailure(
          "\(table.path.quotable): column '\(table.header[column].quotable)': "
            + "expected \(error.expected)")
      }
      let field = context.statesClasses ? "classes" : "target"
      for row in error.rows {
        reader.refuseLabel(table, row: row, column: column, field: field) {
          "expected \(error.expected), received \($0)"
        }
      }
      return nil
    }
  }
}
