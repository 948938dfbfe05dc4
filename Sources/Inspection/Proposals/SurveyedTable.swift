internal import DataFiles
internal import Files
internal import YAML

/// A table with its form, the content of its columns, and the rules for them.
struct SurveyedTable {
  let path: String
  let dialect: TableDialect
  let survey: TableSurvey
  let rules: ColumnRules

  /// The least number of rows that a training and a test need.
  static let leastRows = 10

  /// Reads a table.
  ///
  /// - Throws: ``RunFailure`` when the table cannot be read, or has too few rows.
  init(path: String) throws(RunFailure) {
    self.path = path
    do throws(DataFailure) {
      let source = try TableSource(path: path)
      dialect = try TableDialect.found(in: source)
      survey = try TableSurvey(source, dialect)
    } catch {
      if case .io(let message, _, _) = error { throw .environment(message) }
      throw .refusedInput(error.message)
    }
    rules = ColumnRules(survey)
    guard survey.rowCount >= SurveyedTable.leastRows else {
      throw .refusedInput(
        "\(path.quotable): expected at least \(SurveyedTable.leastRows) rows below the header, "
          + "received \(survey.rowCount)")
    }
  }

  /// The greatest number of listed columns.
  private static let listLimit = 50

  /// One line for each column: its content, and whether it can be a target.
  var columnLines: [String] {
    let shown = survey.columns.filter { !$0.name.isEmpty }.prefix(SurveyedTable.listLimit)
    let width = shown.map(\.name.count).max() ?? 0
    let lines = shown.map { column -> String in
      let name = column.name.quotable
      let padding = String(repeating: " ", count: max(0, width - name.count))
      let proposal = rules.proposal(column)
      switch proposal.use {
      case .leftOut(let reason): return "  \(name)\(padding)  not a target: \(reason)"
      case .input(let fields, _):
        let refusal = suits(column) ? "" : "; not a target"
        return "  \(name)\(padding)  \(fields[0].value): \(proposal.comment)\(refusal)"
      }
    }
    let rest = survey.columns.count { !$0.name.isEmpty } - shown.count
    return lines + (rest > 0 ? ["  and \(rest) more"] : [])
  }

  private func suits(_ column: ColumnSurvey) -> Bool {
    (try? TargetProposal([column], rules, path: path)) != nil
  }

  /// The usual names of a target.
  private static let usualTargets = [
    "target", "label", "class", "y", "outcome", "churn", "churned",
  ]

  /// The column that is probably the target: one with a usual name, otherwise the last that can be
  /// one. Nil when no column can.
  var probableTarget: String? {
    let fitting = survey.columns.filter {
      !$0.name.isEmpty && !rules.repeatedNames.contains($0.name) && suits($0)
    }
    let usual = fitting.first { SurveyedTable.usualTargets.contains($0.name.lowercased()) }
    return (usual ?? fitting.last)?.name
  }
}
