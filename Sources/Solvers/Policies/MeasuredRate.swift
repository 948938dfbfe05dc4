internal import YAML

/// The state of a measured policy between tests.
package struct MeasuredRate: Sendable, Equatable {
  /// The current learning rate.
  package var rate: Double
  /// The best value so far. Nil before the first test.
  package var best: Double?
  /// The number of successive tests without improvement.
  package var badTests = 0
  /// The number of tests that the cooldown still ignores.
  package var restingTests = 0

  /// Makes the state before the first test, with the rate of the first iteration.
  package init(rate: Double) { self.rate = rate }
}
