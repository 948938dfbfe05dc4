/// A column of a table as stored in memory.
///
/// - number: float32 when it represents all numbers exactly, otherwise float64.
/// - category: indices of ``categories``, in 8, 16 or 32 bits by their number.
/// - ordinal: the index in the stated order. boolean: 0 or 1.
/// - date: days from 1970-01-01. datetime: seconds from 1970-01-01T00:00:00Z, in float64.
package struct StoredColumn: Sendable {
  package let name: String
  package let type: ColumnType
  package let values: StoredValues
  /// The number of missing values.
  package let missingCount: Int
  /// The categories, in the order of their first appearance. The values of an ordinal column, in
  /// their order. Empty for other columns.
  package let categories: [String]
  /// The first row of each category, counted from 0. Empty for other columns.
  package let firstRows: [Int]

  package init(
    name: String, type: ColumnType, values: StoredValues, categories: [String] = [],
    firstRows: [Int] = [], missingCount: Int? = nil
  ) {
    self.name = name
    self.type = type
    self.values = values
    self.categories = categories
    self.firstRows = firstRows
    self.missingCount = missingCount ?? values.missingCount
  }

  package var count: Int { values.count }

  /// Whether the value of a row is missing.
  package func isMissing(_ row: Int) -> Bool { missingCount > 0 && values[row].isNaN }
}
