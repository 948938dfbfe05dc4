internal import Fields

/// The form of a table's text.
package struct TableDialect: Equatable, Sendable {
  /// Nil to detect the separator in the first row: the only kind that occurs, otherwise the comma.
  package var separator: TableSeparator?
  /// Nil for UTF-8, or UTF-16 with a byte order mark.
  package var encoding: TextEncoding?
  /// The text at the start of a comment line. Nil without comments.
  package var comment: String?
  /// Whether the first row names the columns. Nil means true, and refuses a row of numbers.
  package var header: Bool?
  /// The names of the columns of a table without a header. Nil for `x1`, `x2` …
  package var columns: [String]?
  /// The texts that mean a missing value.
  package var missing = TableDialect.usualMissingTexts
  /// The marks in numbers, unless a column states its own.
  package var marks = NumberMarks()

  package init() {}

  /// The default texts for a missing value.
  ///
  /// pandas, R, SQL and spreadsheets write them. None of them is a number, a date or a boolean. A
  /// column in which one of them is a category states its own list.
  package static let usualMissingTexts = [
    "", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-",
  ]
}
