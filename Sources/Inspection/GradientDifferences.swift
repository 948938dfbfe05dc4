internal import Expressions
internal import Kernels

/// Differences of an objective along one element, to compare with its gradient.
struct GradientDifferences {
  /// The element's index.
  private let index: Int
  private let values: FloatView
  private let gradient: Double
  /// The magnitude of the tensor's gradient, against which errors are measured.
  private let size: Double
  /// The standard deviation of the objective's rounding errors.
  private let noise: Double

  /// The differences at one step.
  private struct Estimate {
    /// Half the distance between the two points, as single precision represents them.
    let step: Double
    let central: Double
  }

  init(at index: Int, of values: FloatView, gradient: Double, size: Double, noise: Double) {
    self.index = index
    self.values = values
    self.gradient = gradient
    self.size = size
    self.noise = noise
  }

  /// Tries steps until one agrees. If none does, judges the element by all of them.
  ///
  /// - Parameter differentiate: Computes the element's gradient at the current values.
  func element(
    step: Double, threshold: Double, _ objective: () -> Double, _ differentiate: () -> Double
  ) -> GradientCheck.Element {
    var estimates: [Estimate] = []
    for factor in [1, 0.25, 0.0625, 4] {
      let estimate = estimate(step * factor, objective)
      estimates.append(estimate)
      if error(estimate) <= threshold { return element(estimate, .agrees) }
    }
    let isWithinNoise = estimates.contains {
      abs(gradient - $0.central) <= threshold * scale($0) + roundingError($0)
    }
    // A NaN sorts last and is never the best.
    let best =
      estimates.min { error($0) < error($1) || (!error($1).isFinite && error($0).isFinite) }
      ?? estimates[0]
    guard gradient.isFinite else { return element(best, .wrong) }
    if isWithinNoise { return element(best, .noise) }
    return element(
      best, isMeanOfTheWay(estimates[0], threshold, differentiate) ? .kink : .wrong)
  }

  private func estimate(_ step: Double, _ objective: () -> Double) -> Estimate {
    let value = values[index]
    let (low, high) = (Float(Double(value) - step), Float(Double(value) + step))
    values[index] = low
    let lower = objective()
    values[index] = high
    let upper = objective()
    values[index] = value
    let width = Double(high) - Double(low)
    return Estimate(step: width / 2, central: (upper - lower) / width)
  }

  private func scale(_ estimate: Estimate) -> Double {
    // The smallest normal number avoids 0 / 0.
    max(abs(gradient), abs(estimate.central), size, .leastNormalMagnitude)
  }

  private func error(_ estimate: Estimate) -> Double {
    abs(gradient - estimate.central) / scale(estimate)
  }

  /// Returns a bound on the rounding error of a difference: four standard deviations.
  private func roundingError(_ estimate: Estimate) -> Double { 4 * noise / estimate.step }

  /// Whether the mean gradient of the backward pass between both points equals the difference.
  ///
  /// If so, the gradient only changes within the step. A jump of the gradient between two sample
  /// points is located only to within half their distance. The error of the mean is therefore at
  /// most the sum of all changes, divided by the number of points.
  private func isMeanOfTheWay(
    _ estimate: Estimate, _ threshold: Double, _ differentiate: () -> Double
  ) -> Bool {
    let value = values[index]
    let gradients = (0..<GradientDifferences.wayPoints).map { point in
      let place =
        (Double(2 * point + 1) / Double(GradientDifferences.wayPoints) - 1) * estimate.step
      values[index] = Float(Double(value) + place)
      return differentiate()
    }
    values[index] = value
    let changes = zip(gradients, gradients.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
    let count = Double(GradientDifferences.wayPoints)
    let error = abs(gradients.reduce(0, +) / count - estimate.central)
    return error <= threshold * scale(estimate) + changes / count + roundingError(estimate)
  }

  /// The number of sample points between the two ends.
  private static let wayPoints = 32

  private func element(
    _ estimate: Estimate, _ verdict: GradientCheck.Element.Verdict
  ) -> GradientCheck.Element {
    GradientCheck.Element(
      index: index, gradient: gradient, difference: estimate.central, error: error(estimate),
      verdict: verdict)
  }
}
