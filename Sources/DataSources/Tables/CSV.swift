package import DataFiles
package import Fields
internal import Tensors
package import YAML

/// A table in a text file: a row is an example, and its columns are inputs and targets.
///
/// - Inputs: the values of each input column, in that order. A column of numbers gives one value,
///   and other columns give those of their ``ColumnEncoding``.
/// - A classification has one target, the index of a class. A regression has one value for each
///   column of `target`. `multi_label` has 0 or 1 for each of its columns, which are read like
///   boolean inputs.
///
/// - `file`: the table, relative to the model file; a regular file.
/// - `separator`, `encoding`, `comment`, `header`, `columns`, `missing_values`: see
///   ``TableDialect``.
/// - `decimal` (`.`), `thousands` (none): the marks in numbers of inputs, targets and weights. An input
///   may state its own.
/// - `target`: the target column; for regression also a list.
/// - `inputs` (all other columns that have a name, in the table's order, but not `weight` and the
///   `group` of a split): names, patterns such as `x*`, and mappings with a type.
/// - `missing_target`: `error` or `row`, which leaves out the rows without a target.
/// - `weight`: the column with the weight of each example in losses, a number of at least 0.
/// - `task`: `classification`, `regression` or `multi_label`.
///
/// **Unused columns.** Columns that are neither inputs nor targets are not read. Their names may be
/// empty or repeated, and their cells may have any content. A column without a name, such as the
/// index that pandas writes, is never read. Every row may end with a separator.
///
/// **Types.** An input column holds numbers, unless its mapping states another type. The categories
/// and the values for gaps come from the training rows. Tests and predictions use the same ones.
///
/// **Task.** If `task` is not stated, several targets are a regression, and one target is a
/// classification. A single target column of numbers is refused if neither `task` nor `classes` is
/// stated. Therefore dlrun needs only the header to check a model, unless a column of categories
/// does not state them.
///
/// **Classes.** All labels of the file are sorted, including those of other parts. If all are
/// integers, they are sorted by value, and otherwise by code points. `classes: 10` restricts
/// integer labels to 0 … 9 (1 … 10 with `label_offset: 1`), and other labels to ten different
/// texts. If `classes` is a list of names, the labels are these names, in that order. All spellings
/// of one number are one label: `01`, `1` and `1.0`. Labels that differ only in blanks or letter
/// case are different classes, and cause a warning.
///
/// **Cells** that do not fit their column's type are mistakes. dlrun reports up to ten mistakes of
/// each column with file, row and column. The row is the line in the file, and the header has row 1.
///
///     data:
///       train: {source: csv, file: data/iris.csv, target: label, standardize: true}
package struct CSV: DataSource, Equatable {
  package enum Task: String, FieldChoice {
    case classification
    case regression
    /// Several labels for each example, each true or false.
    case multiLabel = "multi_label"
  }

  package var file = ""
  package var dialect = TableDialect()
  package var target = ColumnNames([])
  package var inputs: TableInputs?
  package var task: Task?
  package var missingTarget = MissingTarget.refuse
  package var weight: String?
  package var keep: [String]?
  /// Whether the input columns and their encodings are those of the training part.
  private(set) var hasTrainingInputs = false

  package init() {}

  package static let reference = Reference(
    "csv",
    formula: "a table with a header line: a column is an input, and a row is an example",
    discussion: """
      An input column holds numbers, or has a mapping with its type: {column: city, type: \
      category}. Missing values need a policy such as missing: median. Text labels are classes in \
      sorted order. Numbers in the target column need task: regression, task: classification, or \
      classes. Several targets are a regression. The default inputs are all columns except the \
      target.
      """,
    example: """
      {source: csv, file: data/iris.csv, inputs: [petal_length, petal_width], target: label, \
      batch_size: 16, standardize: true}
      """)

  package static var fields: [Field<CSV>] {
    [
      .required("file", \.file, .path, role: .path, "The table."),
      .optional(
        "separator", \.dialect.separator, .any,
        "The character between cells. Default: the only one of the four in the first line, or ','."),
      .optional(
        "encoding", \.dialect.encoding, .any,
        "The encoding of the text. Default: utf-8, or utf-16 with a byte order mark."),
      .optional(
        "comment", \.dialect.comment,
        .given(
          Constraint("a text of 1 to 100 characters in one line") {
            (1...100).contains($0.count) && $0.escapingControls == $0
          }), "The text at the start of a line that is a comment. Default: no comments."),
      .optional(
        "header", \.dialect.header, .any,
        "Whether the first line names the columns. Default: true, but a line of numbers is "
          + "refused. With false the columns are x1, x2, ..."),
      .optional(
        "columns", \.dialect.columns,
        .given(
          .list("a list of different names", of: .any) {
            !$0.isEmpty && $0.firstRepetition == nil && !$0.contains("")
          }), "The names of the columns of a table without a header."),
      .optional(
        "missing_values", \.dialect.missing, .any,
        "The texts that mean a missing value."),
      .optional(
        "decimal", \.dialect.marks.decimal, .any,
        "The mark before the fraction of a number, in inputs, targets and weights."),
      .optional(
        "thousands", \.dialect.marks.thousands, .any,
        "The mark between groups of three digits. Default: none."),
      .required(
        "target", \.target, .any,
        "The target column; for regression and multi_label also a list of columns."),
      .optional(
        "missing_target", \.missingTarget, .any,
        "Whether a missing target is an error, or its row is left out."),
      .optional(
        "weight", \.weight, .given(Constraint("a column's name") { !$0.isEmpty }),
        "The column with the weight of each example in losses. Default: 1 for all."),
      .optional(
        "keep", \.keep,
        .given(
          .list("a list of different names", of: .any) {
            !$0.isEmpty && $0.firstRepetition == nil && !$0.contains("")
          }), "The columns that predictions repeat, such as an id. They cannot be inputs."),
      .optional(
        "inputs", \.inputs, .any,
        "The input columns: names, patterns such as x*, or mappings with column and type. Default: "
          + "all columns with a name except the target, the weight, those to keep and the groups of "
          + "a split."),
      .optional(
        "task", \.task, .any,
        "The kind of target: a class, values, or several labels that are true or false. Default: "
          + "regression for several targets, otherwise classification. Numeric labels need task or "
          + "classes."),
    ]
  }

  package var files: [String] { [file] }

  package var targetNames: [String] { target.names }

  package func learned(from dataset: Dataset) -> any DataSource {
    guard let found = dataset.learned as? CSV else { return self }
    var source = self
    (source.inputs, source.task) = (found.inputs, found.task)
    if file == found.file { source.dialect = found.dialect }
    return source
  }

  package func tableColumns(
    _ count: Int, _ context: DataContext
  ) throws(DataFailure) -> [ColumnEncoding] {
    if let inputs, inputs.width != nil { return inputs.items.map(\.encoding) }
    let learned = try load(context).learned as? CSV
    return learned?.inputs?.items.map(\.encoding) ?? []
  }

  package func encoded(like dataset: Dataset) -> any DataSource {
    var source = self
    source.hasTrainingInputs = inputs == nil
    source.inputs = (dataset.learned as? CSV)?.inputs ?? inputs
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
    if let column = keep?.first(where: { inputs?.names.contains($0) ?? false }) {
      diagnostics.error(
        "keep: expected a column that is not an input, received '\(column.quotable)'",
        at: (node["keep"] ?? node).mark)
    }
    if let weight, target.names.contains(weight) || inputs?.names.contains(weight) ?? false {
      diagnostics.error(
        "weight: expected a column that is neither target nor input, received "
          + "'\(weight.quotable)'", at: (node["weight"] ?? node).mark)
    }
    if dialect.columns != nil, dialect.header == true {
      diagnostics.error(
        "columns: expected none, since the first line names the columns",
        at: (node["columns"] ?? node).mark)
    }
    checkMarks(at: node, &diagnostics)
    if task == .classification, target.names.count > 1 {
      diagnostics.error(
        "target: expected one column for a classification, received \(target.names.count)",
        at: (node["target"] ?? node).mark)
    }
    if task == .multiLabel, declaration.standardizeTarget == true {
      diagnostics.error(
        "standardize_target: expected false, since the task is multi_label",
        at: (node["standardize_target"] ?? node).mark)
    }
    if hasValues, declaration.classes != nil {
      diagnostics.error(
        "classes: expected none, since the task is \((task ?? defaultTask).rawValue)",
        at: (node["classes"] ?? node).mark)
    }
    if let mistake = repeatedClass(declaration.classes) {
      diagnostics.error(mistake, at: (node["classes"] ?? node).mark)
    }
    if let width = inputs?.width, let mistake = declaration.shapeMistake(for: Shape([width])) {
      diagnostics.error(mistake, at: (node["shape"] ?? node).mark)
    }
  }

  /// Reports marks of numbers that a table or a column has twice.
  private func checkMarks(at node: Node, _ diagnostics: inout Diagnostics) {
    if let mistake = dialect.marks.mistake {
      diagnostics.error("thousands: \(mistake)", at: (node["thousands"] ?? node).mark)
      return
    }
    for item in inputs?.items ?? [] where item.encoding.kind == .number {
      guard let mistake = item.encoding.marks(in: dialect.marks).mistake else { continue }
      diagnostics.error(
        "column '\(item.encoding.column.quotable)': \(mistake)",
        at: item.mark.isNone ? node.mark : item.mark)
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

  /// Whether the targets are values: numbers, or 0 and 1 for labels.
  var hasValues: Bool { (task ?? defaultTask) != .classification }

  private var defaultTask: Task { target.names.count > 1 ? .regression : .classification }

  func tops(inputs encodings: [ColumnEncoding], _ classes: ClassNames?) -> [DataTop] {
    [
      DataTop(columns: encodings), targetTop(classes),
    ]
  }

  /// The tensor of the target.
  func targetTop(_ classes: ClassNames?) -> DataTop {
    hasValues
      ? DataTop(
        DataTop.label, isTarget: true, shape: Shape([target.names.count]),
        valueNames: target.names) : DataTop(classes: classes)
  }
}
