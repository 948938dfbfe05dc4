package import Kernels

/// The factor of a loss's gradient: weight / divisor, with the divisor of the whole batch.
package struct LossScale: Sendable {
  private let sums: DoubleView
  private let divisor: LossDivisor
  private let weight: Double

  /// Makes the factor.
  ///
  /// - Parameter sums: the ``LossSums`` of all slices together.
  package init(_ sums: DoubleView, _ divisor: LossDivisor, weight: Double) {
    self.sums = sums.checked(LossSums.count)
    self.divisor = divisor
    self.weight = weight
  }

  /// The factor at the time when a kernel runs.
  var value: Double {
    weight
      / divisor.value(
        valid: sums[LossSums.valid], positions: sums[LossSums.positions],
        examples: sums[LossSums.examples])
  }
}
