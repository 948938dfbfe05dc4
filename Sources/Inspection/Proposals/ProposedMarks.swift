internal import DataFiles
internal import Files
internal import YAML

/// The marks in numbers that a proposed file states for the whole table.
///
/// Targets of numbers decide them, because a target has no marks of its own. Without marks in a target,
/// they are those of the first input with a decimal comma.
struct ProposedMarks {
  let marks: NumberMarks

  /// - Parameters:
  ///   - targets: the targets, if they are numbers.
  ///   - inputs: the other columns.
  /// - Throws: ``RunFailure/refusedInput(_:)`` when targets have different marks.
  init(
    targets: [ColumnSurvey], inputs: [ColumnSurvey], prefersComma: Bool, path: String
  ) throws(RunFailure) {
    var found: (column: String, marks: NumberMarks)?
    for column in targets {
      guard let own = ProposedMarks.marks(of: column, prefersComma) else { continue }
      guard let first = found else {
        found = (column.name, own)
        continue
      }
      guard let joined = ProposedMarks.joined(first.marks, own) else {
        throw .refusedInput(
          "\(path.quotable): column '\(column.name.quotable)': expected numbers with the marks of "
            + "'\(first.column.quotable)', since all targets are written alike")
      }
      found?.marks = joined
    }
    var marks = found?.marks
    for column in inputs where prefersComma && found == nil {
      guard let own = ProposedMarks.marks(of: column, prefersComma), own.decimal == .comma else {
        continue
      }
      marks = marks.map { ProposedMarks.joined($0, own) ?? $0 } ?? own
    }
    self.marks = marks ?? NumberMarks()
  }

  /// Returns the marks of a column of numbers. Nil for other columns, and when any marks fit.
  private static func marks(of column: ColumnSurvey, _ prefersComma: Bool) -> NumberMarks? {
    guard case .number(let form) = column.content(prefersComma: prefersComma),
      !column.numbers.hasNoMarks
    else { return nil }
    return form.marks
  }

  /// Returns the marks that read the numbers of both. Nil when there are none.
  private static func joined(_ one: NumberMarks, _ other: NumberMarks) -> NumberMarks? {
    guard one.decimal == other.decimal,
      one.thousands == nil || other.thousands == nil || one.thousands == other.thousands
    else { return nil }
    return NumberMarks(decimal: one.decimal, thousands: one.thousands ?? other.thousands)
  }

  /// Returns the marks that an input must state. Nil when those of the table read its numbers.
  func ownMarks(of column: ColumnSurvey, _ form: NumberForms.Form) -> NumberMarks? {
    column.numbers.hasNoMarks || ProposedMarks.joined(marks, form.marks) == marks
      ? nil : form.marks
  }
}
