internal import Kernels

/// The sums of a loss over examples: what its value is the quotient of.
package enum LossSums {
  /// The loss itself.
  package static let total = 0
  /// The weights of the positions that count.
  package static let valid = 1
  /// All positions, those that are ignored included.
  package static let positions = 2
  package static let examples = 3

  /// How many there are.
  package static let count = 4
}

extension View where Element == Double {
  /// Sets the sums of a loss.
  func setLoss(_ total: Double, valid: Double, positions: Int, examples: Int) {
    self[LossSums.total] = total
    self[LossSums.valid] = valid
    self[LossSums.positions] = Double(positions)
    self[LossSums.examples] = Double(examples)
  }
}
