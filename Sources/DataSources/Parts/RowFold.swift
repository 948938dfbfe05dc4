package import Fields
internal import YAML

/// One of several folds of the rows, which tests. The others train.
///
///     fold: {count: 5, index: 0}
///
/// Every row tests in exactly one of the folds.
package struct RowFold: RowDivision {
  /// The number of folds.
  package var count = 5
  /// The fold that tests, counted from 0.
  package var index = 0
  package var choice = RowChoice()

  package init() {}

  package static let name = "fold"

  package static var fields: [Field<RowFold>] {
    [
      .required(
        "count", \.count, .within(2...1_000_000),
        "The number of folds, of sizes that differ by at "
          + "most one row."),
      .optional(
        "index", \.index, .within(0...999_999),
        "The fold that tests, counted from 0. The others "
          + "train."),
    ] + choiceFields
  }

  package static var expectation: String { "a mapping with count and index" }

  package var inconsistency: String? {
    index < count
      ? nil : "index: expected an integer from 0 to \(count - 1), received \(index)"
  }

  /// The number of rows of fold `index`. The first folds have one row more where the folds differ.
  func testCount(of rows: Int) -> Int { rows / count + (index < rows % count ? 1 : 0) }
}
