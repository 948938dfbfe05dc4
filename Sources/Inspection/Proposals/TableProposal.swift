internal import DataFiles
internal import Files
internal import YAML

/// A model file that `dlrun init` proposes for a table.
///
/// Every guess is a line of the file. Training then guesses nothing.
struct TableProposal {
  /// The model file.
  let text: String
  /// One line about the proposed model.
  let summary: String

  /// Proposes a model for a table.
  ///
  /// - Parameters:
  ///   - targets: the columns that the model predicts: names, or lists of names with commas.
  ///   - modelPath: the place of the model file.
  /// - Throws: ``RunFailure`` when the table does not suit a training.
  init(_ table: SurveyedTable, targets: [String], modelPath: String) throws(RunFailure) {
    let (survey, path) = (table.survey, table.path)
    var rules = table.rules
    let places = try TableProposal.places(of: targets, survey)
    let target = try TargetProposal(places.map { survey.columns[$0] }, rules, path: path)
    let others = survey.columns.indices.filter { !places.contains($0) }.map { survey.columns[$0] }
    let marks = try ProposedMarks(
      targets: target.task == .values ? places.map { survey.columns[$0] } : [], inputs: others,
      prefersComma: rules.prefersComma, path: path)
    rules.marks = marks
    let columns = others.map(rules.proposal)
    let inputs = columns.filter { $0.width > 0 }
    guard !inputs.isEmpty else {
      throw .refusedInput(
        "\(path.quotable): expected a column that can be an input, received none: "
          + TableProposal.reasons(columns))
    }
    let model = TableModelText(
      survey: survey, dialect: table.dialect, marks: marks.marks, target: target, columns: columns,
      path: path, modelPath: modelPath)
    text = model.text
    let left = columns.count - inputs.count
    summary =
      "\(inputs.count) of \(columns.count) columns are inputs"
      + (left > 0 ? " (\(left) left out)" : "") + ", " + model.taskText
  }

  private static func reasons(_ columns: [ColumnProposal]) -> String {
    let shown = columns.prefix(10).compactMap { column -> String? in
      guard case .leftOut(let reason) = column.use else { return nil }
      return "'\(column.name.quotable)': \(reason)"
    }
    let rest = columns.count - shown.count
    return shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }

  /// Returns the places of the target columns.
  private static func places(
    of targets: [String], _ survey: TableSurvey
  ) throws(RunFailure) -> [Int] {
    // A name may contain commas.
    let names = targets.flatMap { text in
      survey.header.names.contains(text)
        ? [text] : text.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
    }
    do throws(DataFailure) {
      return try survey.header.columns(named: names)
    } catch {
      throw .refusedInput(error.message)
    }
  }
}
