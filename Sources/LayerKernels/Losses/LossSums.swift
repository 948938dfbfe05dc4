/// The indices of a loss's sums over examples. The value of the loss is their quotient.
///
/// With weights of examples, each example counts as often as its weight says, in every sum.
package enum LossSums {
  /// The total loss.
  package static let total = 0
  /// The sum of the weights of the positions that count.
  package static let valid = 1
  /// The number of all positions, ignored ones included, each with the weight of its example.
  package static let positions = 2
  /// The sum of the weights of the examples.
  package static let examples = 3

  /// The number of sums.
  package static let count = 4
}
