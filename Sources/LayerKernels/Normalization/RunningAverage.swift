package import Kernels

/// The rule by which running statistics follow the batches.
package enum RunningAverage: Sendable {
  /// r ← (1 − s)·r + s·batch, with s = (1 − f)·`share`.
  ///
  /// The share is 1 for a full batch, and n/N for a batch of n examples instead of N.
  case exponential(share: Double)
  /// r ← (1 − s)·r + s·batch. The kernel reads s when it runs.
  ///
  /// s is 1 for the first batch of a measurement, which discards the old values.
  case measured(share: DoubleView)
  /// r ← f·r + (1 − f)·batch, divided by the sum of all weights so far.
  ///
  /// The division gives the first batches full weight. The view has one element, which holds the
  /// sum of the weights. Every batch counts the same.
  case weighted(FloatView)

  /// Returns the factors of the running statistics and of the batch.
  func weights(fraction: Double) -> (old: Double, new: Double) {
    switch self {
    case .exponential(share: 1): return (fraction, 1 - fraction)
    case .exponential(let share): return (1 - (1 - fraction) * share, (1 - fraction) * share)
    case .measured(let share): return (1 - share[0], share[0])
    case .weighted(let weight):
      let before = Double(weight[0])
      let sum = fraction * before + 1
      weight[0] = Float(sum)
      return (fraction * before / sum, 1 / sum)
    }
  }
}
