internal import DataFiles
internal import YAML

/// The rules by which columns become inputs.
struct ColumnRules {
  let rowCount: Int
  /// Whether the table has decimal commas.
  let prefersComma: Bool
  /// The marks in numbers that the file states for all columns.
  var marks: ProposedMarks?
  /// The names that several columns have.
  let repeatedNames: Set<String>

  /// The greatest number of categories: a twentieth of the rows, but 10 to 100.
  var categoryLimit: Int { max(10, min(100, rowCount / 20)) }

  /// The least number of values of a column with gaps.
  private static let leastValues = 10
  /// The least count of a category that training and test surely see.
  private static let safeCount = 20
  /// The greatest length of a text that identifies its row, in bytes.
  private static let identityLength = 40
  /// The share of gaps from which an input says whether the value is missing.
  private static let indicatorShare = 0.05

  init(_ survey: TableSurvey) {
    rowCount = survey.rowCount
    prefersComma =
      survey.header.separator != .comma && survey.columns.contains { $0.numbers.needsComma }
    let counts = survey.header.names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    repeatedNames = Set(counts.filter { $0.value > 1 }.keys)
  }

  /// Returns the proposal for a column that is not a target.
  func proposal(_ column: ColumnSurvey) -> ColumnProposal {
    let content = column.content(prefersComma: prefersComma)
    let nameMistake = nameMistake(column.name)
    let reason = nameMistake ?? contentMistake(column, content)
    return ColumnProposal(
      name: column.name,
      use: reason.map { .leftOut(reason: $0) } ?? input(column, content),
      comment: comment(column, content),
      isIdentity: nameMistake == nil && reason != nil && isIdentity(column, content))
  }

  /// Whether a column that is left out identifies the rows: an id or a short name.
  private func isIdentity(_ column: ColumnSurvey, _ content: ColumnContent) -> Bool {
    switch content {
    case .number(let form): return identityReason(column, form) != nil
    case .text:
      let isShort = column.texts.keys.allSatisfy { $0.utf8.count <= ColumnRules.identityLength }
      return column.name.namesIdentity
        || !column.hasManyTexts && column.categories.count == rowCount && isShort
    case .empty, .constant, .boolean, .date: return false
    }
  }

  private func nameMistake(_ name: String) -> String? {
    if name.isEmpty { return "it has no name" }
    if repeatedNames.contains(name) { return "several columns have this name" }
    if name.contains("*") { return "a star in a name means a pattern" }
    return name.utf8.count > TableHeader.nameLimit
      ? "its name is longer than \(TableHeader.nameLimit) bytes" : nil
  }

  private func contentMistake(_ column: ColumnSurvey, _ content: ColumnContent) -> String? {
    switch content {
    case .empty: return "it has no values"
    case .constant(let text):
      let value = text.commentWord
      return column.gapCount(content) > 0
        ? "\(value) is its only value besides gaps" : "every row has \(value)"
    case .boolean, .date: break
    case .number(let form):
      if let reason = identityReason(column, form) { return reason }
    case .text:
      if let reason = textMistake(column) { return reason }
    }
    let gaps = column.gapCount(content)
    return gaps > 0 && column.valueCount < ColumnRules.leastValues
      ? "only \(column.valueCount) of \(rowCount.grouped) rows have a value" : nil
  }

  /// Returns the reason why texts cannot be categories.
  private func textMistake(_ column: ColumnSurvey) -> String? {
    let count = column.categories.count
    if !column.hasManyTexts, count == rowCount, rowCount > 2 {
      return "every row has another text, like a name or an id"
    }
    guard column.hasManyTexts || count > categoryLimit else { return nil }
    let found = column.hasManyTexts ? "too many" : count.grouped
    return "\(found) different texts, more than \(categoryLimit) categories (a twentieth of the "
      + "rows, 10 to 100)"
      + (column.hasPadding ? "; some have blanks at their ends, which dlrun keeps" : "")
  }

  /// Returns the reason why integers seem to name their rows.
  private func identityReason(_ column: ColumnSurvey, _ form: NumberForms.Form) -> String? {
    guard form.isInteger, rowCount > 2 else { return nil }
    let isWhole = column.valueCount == rowCount
    if isWhole, column.isRunningNumber { return "a running number, like an id" }
    if isWhole, !column.hasManyTexts, column.rankedTexts.count == rowCount,
      form.greatest - form.least + 1 == Double(rowCount)
    {
      return "every integer from \(form.least.commentText) to \(form.greatest.commentText) once, "
        + "like an id"
    }
    guard column.name.namesIdentity,
      column.hasManyTexts || column.rankedTexts.count > categoryLimit
    else { return nil }
    return "its name says that its numbers are ids"
  }

  // MARK: Inputs

  private func input(_ column: ColumnSurvey, _ content: ColumnContent) -> ColumnProposal.Use {
    let hasGaps = column.gapCount(content) > 0
    var fields: [(name: String, value: String)] = []
    var width = 1
    switch content {
    case .boolean:
      fields = [("type", "boolean")]
      if hasGaps { fields.append(("missing", "most_frequent")) }
    case .number(let form):
      guard !(form.isInteger && column.name.namesIdentity) else {
        return category(column, hasGaps: hasGaps)
      }
      fields = [("type", "number")]
      if let own = marks?.ownMarks(of: column, form) {
        fields.append(("decimal", own.decimal.rawValue.modelWord))
        if let mark = own.thousands { fields.append(("thousands", mark.rawValue.modelWord)) }
      }
      if hasGaps { fields.append(("missing", "median")) }
    case .date(let form):
      let isTime = form.type.name == "datetime"
      fields = [("type", form.type.name)]
      if let format = form.format { fields.append(("format", format.text.modelWord)) }
      if hasGaps { fields.append(("missing", "median")) }
      width = isTime ? 7 : 5
    case .text, .constant, .empty: return category(column, hasGaps: hasGaps)
    }
    let share = Double(column.gapCount(content)) / Double(max(1, rowCount))
    if share >= ColumnRules.indicatorShare, fields.last?.value == "median" {
      fields.append(("indicator", "true"))
      width += 1
    }
    return .input(fields: fields, width: width)
  }

  private func category(_ column: ColumnSurvey, hasGaps: Bool) -> ColumnProposal.Use {
    let categories = column.categories
    var fields = [(name: "type", value: "category"), (name: "encoding", value: "one_hot")]
    if hasGaps { fields.append(("missing", "own")) }
    let isRare = categories.contains { $0.count < ColumnRules.safeCount }
    if isRare { fields.append(("other", "true")) }
    return .input(
      fields: fields, width: categories.count + (hasGaps ? 1 : 0) + (isRare ? 1 : 0))
  }
}
