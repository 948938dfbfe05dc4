package import Fields
internal import YAML

/// A share of the rows that trains. The other rows test.
///
///     split: {fraction: 0.8, stratify: true}
package struct RowSplit: RowDivision {
  /// The share of the rows that trains.
  package var fraction = 0.8
  package var choice = RowChoice()

  package init() {}

  package static let name = "split"

  package static var fields: [Field<RowSplit>] {
    [
      .required(
        "fraction", \.fraction,
        Constraint("a number above 0 and below 1") { $0 > 0 && $0 < 1 },
        "The share of the rows that trains. The others test.")
    ] + choiceFields
  }

  package static var expectation: String { "a mapping with fraction" }

  /// The number of training rows of `count`, rounded to the nearest integer.
  func trainingCount(of count: Int) -> Int { Int((fraction * Double(count)).rounded()) }
}
