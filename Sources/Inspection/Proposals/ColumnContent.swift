package import DataFiles

/// The content of a column, by the types that all of its values fit.
package enum ColumnContent: Sendable {
  case empty
  /// The only value besides gaps.
  case constant(String)
  case boolean
  case number(NumberForms.Form)
  case date(DateForms.Form)
  case text
}

extension ColumnSurvey {
  /// Returns the content of the column.
  ///
  /// - Parameter prefersComma: whether other columns of the table have a decimal comma.
  func content(prefersComma: Bool) -> ColumnContent {
    guard valueCount > 0 || !missingWords.isEmpty else { return .empty }
    let values = valueCount > 0 ? rankedTexts : categories
    if values.count == 1, !hasManyTexts {
      let isText = !numbers.isNumber && !dates.isDate && !isBoolean
      if !isText || missingWords.isEmpty || valueCount == 0 { return .constant(values[0].text) }
    }
    guard valueCount > 0 else { return .text }
    if isBoolean { return .boolean }
    let number = numbers.form(prefersComma: prefersComma)
    if let date = dates.forms.first, number.map(Self.looksLikeDates) ?? true { return .date(date) }
    return number.map(ColumnContent.number) ?? .text
  }

  /// Whether integers such as 20240301 are dates.
  private static func looksLikeDates(_ form: NumberForms.Form) -> Bool {
    form.isInteger && form.least >= 19_000_101 && form.greatest <= 21_001_231
  }

  /// The texts with their counts, the most frequent first, as categories.
  var categories: [(text: String, count: Int)] {
    let values = Dictionary(
      rankedTexts.map { ($0.text, $0.count) }, uniquingKeysWith: { first, _ in first })
    return ColumnSurvey.ranked(values.merging(missingWords) { $0 + $1 })
  }

  /// The number of gaps in a column of this content. Words such as `unknown` are texts in a column
  /// of texts.
  func gapCount(_ content: ColumnContent) -> Int {
    if case .text = content { return missingCount }
    return missingCount + missingWords.values.reduce(0, +)
  }

  /// The texts that mean a gap in a column of this content, with their counts.
  func gapTexts(_ content: ColumnContent) -> [(text: String, count: Int)] {
    var texts = missingTexts
    if case .text = content {} else { texts.merge(missingWords) { $0 + $1 } }
    return ColumnSurvey.ranked(texts)
  }
}
