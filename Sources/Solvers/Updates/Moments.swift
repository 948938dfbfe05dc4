internal import Glibc
internal import Kernels

/// The running means of gradients and of their squares: m = β1·m + (1 − β1)·g,  v = β2·v + (1 − β2)·g².
struct Moments: Sendable {
  static let names = ["first moment", "second moment"]

  private let first: FloatView
  private let second: FloatView
  private let kept1: Float
  private let added1: Float
  private let kept2: Float
  private let added2: Float

  /// - Parameter states: m, v, and what else the rule keeps.
  init(_ states: [FloatView], _ beta1: Double, _ beta2: Double) {
    (first, second) = (states[0], states[1])
    (kept1, added1) = (Float(beta1), Float(1 - beta1))
    (kept2, added2) = (Float(beta2), Float(1 - beta2))
  }

  /// Takes the gradient in; returns m and v.
  @inline(__always)
  func take(_ gradient: Lanes.Vector, _ index: Int) -> (first: Lanes.Vector, second: Lanes.Vector) {
    let (means, squares) = (Lanes(first), Lanes(second))
    let mean = means[index] * kept1 + added1 * gradient
    let square = squares[index] * kept2 + added2 * (gradient * gradient)
    means[index] = mean
    squares[index] = square
    return (mean, square)
  }

  /// m and v as they are.
  @inline(__always)
  func values(_ index: Int) -> (first: Lanes.Vector, second: Lanes.Vector) {
    (Lanes(first)[index], Lanes(second)[index])
  }

  /// Writes 1/(1 − β1ᵗ) and 1/√(1 − β2ᵗ), by which means that began at 0 become means of what they saw.
  static func correct(_ rates: DoubleView, _ beta1: Double, _ beta2: Double) {
    let number = rates[UpdateRates.number]
    rates[UpdateRates.corrections] = 1 / (1 - pow(beta1, number))
    rates[UpdateRates.corrections + 1] = 1 / (1 - pow(beta2, number)).squareRoot()
  }
}
