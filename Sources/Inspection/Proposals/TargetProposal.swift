internal import DataFiles
internal import Files
internal import YAML

/// The prediction of a proposed model.
struct TargetProposal {
  enum Task: Equatable {
    /// One class for each example.
    case classes
    /// One number or several.
    case values
    /// Several booleans, independent of each other.
    case labels
  }

  /// The range of the numbers of a target.
  struct Range {
    let least: Double
    let greatest: Double
  }

  let names: [String]
  let task: Task
  /// The classes with their counts, the most frequent first. Empty for other tasks.
  private(set) var classes: [(text: String, count: Int)] = []
  /// The range of each target that is a number.
  private(set) var ranges: [Range] = []

  /// The number of rows of the table in which a target has no value.
  private(set) var gapCount = 0

  /// The number of outputs of the network.
  var outputCount: Int { task == .classes ? classes.count : names.count }

  /// Whether the most frequent class has at least three times as many rows as the rarest.
  var isUnbalanced: Bool {
    guard let most = classes.first, let least = classes.last else { return false }
    return most.count >= 3 * least.count
  }

  /// The greatest number of different integers that are classes.
  private static let numberLimit = 20
  /// The greatest number of classes.
  private static let classLimit = 100
  /// The least number of rows of a class on average.
  private static let rowsOfClass = 5

  /// - Parameter columns: the target columns.
  /// - Throws: ``RunFailure/refusedInput(_:)`` when a column cannot be a target.
  init(_ columns: [ColumnSurvey], _ rules: ColumnRules, path: String) throws(RunFailure) {
    names = columns.map(\.name)
    var contents: [ColumnContent] = []
    for column in columns {
      let content = column.content(prefersComma: rules.prefersComma)
      if let mistake = TargetProposal.mistake(column, content) {
        throw .refusedInput("\(path.quotable): column '\(column.name.quotable)': \(mistake)")
      }
      contents.append(content)
      gapCount = max(gapCount, column.gapCount(content))
    }
    guard columns.count > 1 else {
      let counts = columns[0].rankedTexts
      if case .number(let form) = contents[0],
        !TargetProposal.isClass(form, columns[0], rowCount: rules.rowCount)
      {
        task = .values
        ranges = [Range(least: form.least, greatest: form.greatest)]
      } else {
        task = .classes
        classes = counts
      }
      return
    }
    if contents.allSatisfy(TargetProposal.isLabel) {
      task = .labels
      return
    }
    task = .values
    for (column, content) in zip(columns, contents) {
      guard case .number(let form) = content else {
        throw .refusedInput(
          "\(path.quotable): column '\(column.name.quotable)': expected numbers, because several "
            + "targets are all numbers or all booleans; name one target for a classification")
      }
      ranges.append(Range(least: form.least, greatest: form.greatest))
    }
  }

  /// Whether integers are classes: few different ones with enough rows each.
  private static func isClass(
    _ form: NumberForms.Form, _ column: ColumnSurvey, rowCount: Int
  ) -> Bool {
    let count = column.rankedTexts.count
    return form.isInteger && !column.hasManyTexts && count <= numberLimit
      && rowCount >= count * rowsOfClass
  }

  private static func isLabel(_ content: ColumnContent) -> Bool {
    if case .boolean = content { true } else { false }
  }

  /// Returns the reason why a column cannot be a target.
  private static func mistake(_ column: ColumnSurvey, _ content: ColumnContent) -> String? {
    switch content {
    case .empty: return "expected a target with values, received an empty column"
    case .constant(let text):
      return "expected a target with different values, received only '\(text.quotable)'"
    case .date: return "expected a target of classes or numbers, received dates"
    case .boolean, .number, .text: break
    }
    guard column.valueCount >= SurveyedTable.leastRows else {
      return "expected at least \(SurveyedTable.leastRows) rows with a value, received "
        + "\(column.valueCount)"
    }
    guard case .text = content else { return nil }
    let count = column.categories.count
    guard column.hasManyTexts || count > classLimit || column.valueCount < count * 2 else {
      return nil
    }
    return "expected a target of at most \(classLimit) classes with several rows each, received "
      + (column.hasManyTexts ? "too many" : "\(count)") + " different texts"
  }
}
