internal import DataFiles
internal import YAML

extension ColumnRules {
  /// Describes the content of a column: its range or categories, and its gaps.
  func comment(_ column: ColumnSurvey, _ content: ColumnContent) -> String {
    var parts = [description(column, content)].filter { !$0.isEmpty }
    let gaps = column.gapCount(content)
    if gaps > 0 {
      let texts = column.gapTexts(content).map { "\($0.text.commentWord) \($0.count.grouped)" }
      parts.append(
        "\(gaps.grouped) missing" + (texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))"))
    }
    return parts.joined(separator: "; ")
  }

  /// Describes the values of a column: their range, or the categories.
  func description(_ column: ColumnSurvey, _ content: ColumnContent) -> String {
    switch content {
    case .number(let form):
      let isCategory =
        form.isInteger && column.name.namesIdentity && !column.hasManyTexts
        && column.categories.count <= categoryLimit
      return isCategory
        ? ColumnRules.counts(column.categories, "categories")
        : "\(form.least.commentText) to \(form.greatest.commentText)"
    case .date(let form): return ColumnRules.range(form, all: column.dates.forms)
    case .boolean, .text:
      guard !column.hasManyTexts else { return "many different texts" }
      let categories = column.categories
      return categories.first?.count == 1
        ? "\(categories.count.grouped) different texts"
        : ColumnRules.counts(categories, "categories")
    case .constant(let text): return "only \(text.commentWord)"
    case .empty: return "no values"
    }
  }

  private static func range(_ form: DateForms.Form, all forms: [DateForms.Form]) -> String {
    func text(_ value: Double) -> String {
      let whole = Int(exactly: value.rounded(.down)) ?? 0
      return form.type.name == "datetime"
        ? ISODate.text(ofSecond: whole) : ISODate.text(ofDay: whole)
    }
    let others = forms.compactMap(\.format?.text).filter { $0 != form.format?.text }
    return "\(text(form.first)) to \(text(form.last))"
      + (others.isEmpty ? "" : "; also fits \(others.joined(separator: ", "))")
  }

  /// Lists the most frequent texts with their counts.
  static func counts(_ texts: [(text: String, count: Int)], _ noun: String) -> String {
    let shown = texts.prefix(6).map { "\($0.text.commentWord) \($0.count.grouped)" }
    let rest = texts.count - shown.count
    return "\(texts.count) \(noun): " + shown.joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension String {
  /// The text in a comment, in quotes where it could be misread. Long texts are cut.
  var commentWord: String {
    let text = (count > 40 ? prefix(40) + "…" : self[...]).description.escapingControls
    return text.allSatisfy({ $0.isLetter || $0.isNumber || "_-./%".contains($0) }) && !text.isEmpty
      ? text : "\"\(text)\""
  }

  /// Whether a column of this name holds ids: `id`, `customer_id`, `CustomerID`, `index`.
  var namesIdentity: Bool {
    let lower = lowercased()
    if ["id", "uid", "uuid", "guid", "index", "row", "rownum", "row_id"].contains(lower) {
      return true
    }
    let ends = ["_id", "-id", " id", ".id"].contains { lower.hasSuffix($0) }
    let camel =
      (hasSuffix("Id") || hasSuffix("ID")) && dropLast(2).last.map(\.isLowercase) ?? false
    return ends || camel || lower.hasPrefix("id_")
  }
}
