package import YAML

/// A column to read, and how.
package struct ColumnRequest: Sendable {
  /// The index of the column in the table.
  package let column: Int
  package let type: ColumnType
  /// Whether the column may have missing values. Otherwise a missing value is a bad cell.
  package let allowsMissing: Bool
  /// Whether the texts for missing values mean one. False for class labels: a class may be called
  /// NA.
  package let hasMissingTexts: Bool
  /// The expectation in messages. Nil means that of the type.
  package let expectation: String?
  /// The field of the model file that reads the column. Nil when no field does.
  package let field: String?
  /// The position of the column in that field. Nil for the position of the field.
  package let mark: Mark?
  /// The greatest number of categories.
  package let categoryLimit: Int
  /// The greatest length of a category in bytes.
  package let textLimit: Int

  /// Whether each text is a category of its own. Otherwise all spellings of one number are one.
  package let isVerbatim: Bool

  /// The usual limit of categories. More of them are probably names or numbers of rows.
  package static let usualCategoryLimit = 100_000

  package init(
    _ column: Int, _ type: ColumnType, allowsMissing: Bool = false, hasMissingTexts: Bool = true,
    expectation: String? = nil, field: String? = nil, mark: Mark? = nil,
    categoryLimit: Int = ColumnRequest.usualCategoryLimit,
    textLimit: Int = TableHeader.nameLimit, isVerbatim: Bool = false
  ) {
    self.column = column
    self.type = type
    self.allowsMissing = allowsMissing
    self.hasMissingTexts = hasMissingTexts
    self.expectation = expectation
    self.field = field
    self.mark = mark
    self.categoryLimit = categoryLimit
    self.textLimit = textLimit
    self.isVerbatim = isVerbatim
  }
}
