internal import Kernels

/// Differences of an objective along one element, beside its gradient.
struct Differences {
  /// The element's place.
  private let index: Int
  private let values: FloatView
  private let gradient: Double
  /// Of the tensor's gradient: what counts as large.
  private let size: Double
  /// The deviation of the objective's rounding errors.
  private let noise: Double

  /// The differences at one step.
  private struct Estimate {
    /// Half of the distance of both ends, as single precision has them.
    let step: Double
    let central: Double
    /// To the side of smaller and of greater values.
    let below: Double
    let above: Double

    /// How far the sides are apart.
    var gap: Double { abs(above - below) }
  }

  init(at index: Int, of values: FloatView, gradient: Double, size: Double, noise: Double) {
    self.index = index
    self.values = values
    self.gradient = gradient
    self.size = size
    self.noise = noise
  }

  /// Looks at steps until one agrees, and judges by all where none does.
  func element(
    step: Double, threshold: Double, _ objective: () -> Double
  ) -> GradientCheck.Element {
    let middle = objective()
    var estimates: [Estimate] = []
    for factor in [1, 0.25, 0.0625, 0.015625, 4] {
      let estimate = estimate(step * factor, middle, objective)
      estimates.append(estimate)
      if error(estimate) <= threshold { return element(estimate, .agrees) }
    }
    // Of the shortest step rounding could excuse anything.
    let isWithinNoise = estimates.enumerated().contains { place, estimate in
      place != 3
        && abs(gradient - estimate.central) <= threshold * scale(estimate) + roundingError(estimate)
    }
    // What is not a number comes last, and is never the best.
    let best =
      estimates.min { error($0) < error($1) || (!error($1).isFinite && error($0).isFinite) }
      ?? estimates[0]
    if isWithinNoise { return element(best, .noise) }
    return element(best, isKink(estimates, threshold) ? .kink : .wrong)
  }

  private func estimate(
    _ step: Double, _ middle: Double, _ objective: () -> Double
  ) -> Estimate {
    let value = values[index]
    let (low, high) = (Float(Double(value) - step), Float(Double(value) + step))
    values[index] = low
    let lower = objective()
    values[index] = high
    let upper = objective()
    values[index] = value
    let (left, right) = (Double(value) - Double(low), Double(high) - Double(value))
    return Estimate(
      step: (left + right) / 2, central: (upper - lower) / (left + right),
      below: (middle - lower) / left, above: (upper - middle) / right)
  }

  private func scale(_ estimate: Estimate) -> Double {
    // The smallest number keeps 0 / 0 away.
    max(abs(gradient), abs(estimate.central), size, .leastNormalMagnitude)
  }

  private func error(_ estimate: Estimate) -> Double {
    abs(gradient - estimate.central) / scale(estimate)
  }

  /// What rounding makes of a difference, with hardly an exception.
  private func roundingError(_ estimate: Estimate) -> Double { 4 * noise / estimate.step }

  /// Whether there is a kink within the steps, and the gradient is one of the slopes around it.
  ///
  /// Near a kink the sides' differences stay apart however short the step is, where those of a smooth
  /// function come four times nearer with a quarter of it; among several kinks the differences of
  /// two steps stay apart, where those of a smooth function come sixteen times nearer. The slopes are those seen to either
  /// side at any step, and a tenth of their range more: a kink beside the element hides a part.
  private func isKink(_ estimates: [Estimate], _ threshold: Double) -> Bool {
    let (long, short) = (estimates[2], estimates[3])
    let tolerance = threshold * scale(short) + roundingError(short)
    let isSharp = short.gap > tolerance && short.gap >= long.gap / 2
    let change = abs(long.central - short.central)
    let isUneven = change > tolerance && change >= abs(estimates[1].central - long.central) / 4
    let slopes = estimates.prefix(4).flatMap { [$0.below, $0.above] }
    guard isSharp || isUneven, let least = slopes.min(), let greatest = slopes.max() else {
      return false
    }
    let margin = tolerance + (greatest - least) / 10
    return gradient >= least - margin && gradient <= greatest + margin
  }

  private func element(
    _ estimate: Estimate, _ verdict: GradientCheck.Element.Verdict
  ) -> GradientCheck.Element {
    GradientCheck.Element(
      index: index, gradient: gradient, difference: estimate.central, error: error(estimate),
      verdict: verdict)
  }
}
