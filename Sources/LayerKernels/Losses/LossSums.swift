internal import Kernels

/// The indices of a loss's sums over examples. The value of the loss is their quotient.
package enum LossSums {
  /// The total loss.
  package static let total = 0
  /// The sum of the weights of the positions that count.
  package static let valid = 1
  /// The number of all positions, ignored ones included.
  package static let positions = 2
  package static let examples = 3

  /// The number of sums.
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
