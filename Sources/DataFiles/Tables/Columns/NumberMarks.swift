/// The marks in the numbers of a table.
package struct NumberMarks: Equatable, Sendable {
  /// The mark before the fraction.
  package var decimal: DecimalMark
  /// The mark between groups of three digits. Nil without groups.
  package var thousands: GroupMark?

  package init(decimal: DecimalMark = .point, thousands: GroupMark? = nil) {
    self.decimal = decimal
    self.thousands = thousands
  }

  /// The type of a column of such numbers.
  package var columnType: ColumnType { .number(decimal: decimal, thousands: thousands) }

  /// The reason why no number can have both marks. Nil when they differ.
  package var mistake: String? {
    guard thousands?.rawValue == decimal.rawValue else { return nil }
    return "expected different marks in 'decimal' and 'thousands', received "
      + "'\(decimal.rawValue)' twice"
  }
}
