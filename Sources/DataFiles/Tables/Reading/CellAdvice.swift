internal import YAML

/// Describes a bad cell, and names the field of the model file that would accept it.
enum CellAdvice {
  /// Returns the message for a cell that a column cannot hold. Without a field that reads the
  /// column, as in a prediction, nothing can accept the cell.
  static func message(
    _ content: CellReader.Content, _ text: String, _ request: ColumnRequest
  ) -> String {
    let received = text.isEmpty ? "an empty cell" : "'\(text.quotable)'"
    let expected = request.expectation ?? request.type.expectation
    switch content {
    case .tooLarge:
      return "expected a number of at most \(Float.greatestFiniteMagnitude) in size, received "
        + received
    case .missing:
      return "expected \(expected), received \(received)"
        + (request.field == nil
          ? "" : "; 'missing: \(policy(request.type))' accepts missing values")
    default:
      let accepting = request.field == nil ? nil : field(accepting: text, request.type)
      let advice = accepting.map { "; \($0) accepts it" } ?? ""
      return "expected \(expected), received \(received)" + advice
    }
  }

  private static func policy(_ type: ColumnType) -> String {
    switch type {
    case .number, .date, .datetime: "median"
    case .category: "own"
    case .boolean, .ordinal: "most_frequent"
    }
  }

  /// Returns the field that makes `text` a cell of the column. Nil when there is none.
  private static func field(accepting text: String, _ type: ColumnType) -> String? {
    let bytes = Array(text.utf8)
    func reads(as other: ColumnType) -> Bool {
      guard
        case .value = CellReader.read(
          bytes.span, 0..<bytes.count, ColumnRequest(0, other), [:], MissingTexts([]))
      else { return false }
      return true
    }
    switch type {
    case .number:
      for (decimal, group, field) in marks
      where reads(as: .number(decimal: decimal, thousands: group)) { return field }
      if reads(as: .boolean) { return "'type: boolean'" }
      if reads(as: .date()) { return "'type: date'" }
      if reads(as: .datetime()) { return "'type: datetime'" }
      return text.isEmpty ? nil : "'type: category'"
    case .date:
      if reads(as: .date()) { return "a date without 'format'" }
      return reads(as: .datetime()) ? "'type: datetime'" : nil
    case .boolean: return reads(as: .number()) ? "'type: number'" : nil
    case .datetime, .category, .ordinal: return nil
    }
  }

  /// The ways to write numbers that are tried in turn.
  private static let marks: [(DecimalMark, GroupMark?, String)] = [
    (.point, nil, "'decimal: .'"), (.comma, nil, "'decimal: \",\"'"),
    (.point, .comma, "'thousands: \",\"'"),
    (.comma, .point, "'decimal: \",\"' with 'thousands: \".\"'"),
    (.point, .space, "'thousands: \" \"'"), (.point, .apostrophe, "'thousands: \"''\"'"),
    (.comma, .space, "'decimal: \",\"' with 'thousands: \" \"'"),
  ]
}
