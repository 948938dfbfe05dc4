package import Kernels

/// The factor of a loss's gradient: weight / divisor, the divisor being the whole batch's.
package struct LossScale: Sendable {
  private let sums: DoubleView
  private let divisor: LossDivisor
  private let weight: Double

  /// - Parameter sums: ``LossSums``, summed over the slices.
  package init(_ sums: DoubleView, _ divisor: LossDivisor, weight: Double) {
    self.sums = sums.checked(LossSums.count)
    self.divisor = divisor
    self.weight = weight
  }

  /// As the sums are when a kernel runs.
  var value: Double {
    weight
      / divisor.value(
        valid: sums[LossSums.valid], positions: sums[LossSums.positions],
        examples: sums[LossSums.examples])
  }
}
