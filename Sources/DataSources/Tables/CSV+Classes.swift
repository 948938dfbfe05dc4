internal import DataFiles
internal import Fields
internal import YAML

extension CSV {
  /// Returns the names of the classes, and the class of each category of the target column.
  ///
  /// - Parameters:
  ///   - index: the target's place in the table.
  ///   - reopen: opens the table again, to find the cells of wrong labels.
  func classes(
    of column: StoredColumn, _ table: StoredTable, _ index: Int, _ context: DataContext,
    _ reopen: () throws(DataFailure) -> TableReader
  ) throws(DataFailure) -> (names: [String], classOf: [Int]) {
    let labels = LabelIndex(column)
    /// Finds the cells of all labels that are not `accepted`.
    func refuse(
      accepting accepted: [String], _ expected: String, field: String
    ) throws(DataFailure) {
      let request = ColumnRequest(
        index, .ordinal(accepted), hasMissingTexts: false, expectation: expected, field: field)
      do throws(DataFailure) {
        _ = try reopen().read([request])
      } catch {
        guard case .cells(let cells, nil) = error else { throw error }
        throw .cells(cells, of: context.phase)
      }
      throw .content("\(table.path.quotable): changed while it was read")
    }
    let declared = context.classes(of: DataTop.label)
    if task == nil, declared == nil, let number = labels.labels.first(where: \.isNumber) {
      // A field is missing in the model file, so that one label is enough.
      try refuse(
        accepting: labels.labels.map(\.text).filter { $0 != number.text },
        "text labels, or numbers with 'task: classification' or 'task: regression'",
        field: "target")
    }
    let found: (names: [String], classOf: [Int])
    do throws(LabelIndex.Mismatch) {
      return try labels.classes(
        declared, offset: context.labelOffset, ignoring: context.ignoredLabels)
    } catch {
      guard !error.rows.isEmpty else {
        throw context.labelFailure(
          "\(table.path.quotable): column '\(column.name.quotable)': expected \(error.expected)")
      }
      let wrong = Set(error.rows)
      try refuse(
        accepting: labels.labels.filter { !wrong.contains($0.row) }.map(\.text), error.expected,
        field: context.statesClasses ? "classes" : "target")
      found = ([], [])
    }
    return found
  }

  /// Warns of labels that differ only in blanks or letter case, because the author may have meant
  /// one class.
  func similarLabels(_ column: StoredColumn, _ table: StoredTable) -> [DataRemark] {
    let pairs = LabelIndex(column).similarLabels
    guard let (first, second) = pairs.first else { return [] }
    func place(_ label: LabelIndex.Label) -> String {
      "'\(label.text.quotable)' (first in row \(table.line(ofRow: label.row)))"
    }
    let more = pairs.count - 1
    return [
      DataRemark(
        .similarLabels, fields: ["target"],
        "\(table.path.quotable): column '\(column.name.quotable)': \(place(first)) and "
          + "\(place(second)) are two classes that differ only in blanks or letter case"
          + (more > 0 ? ", as do \(more) more pair\(more == 1 ? "" : "s")" : "")
          + "; use one spelling if they are one class")
    ]
  }
}
