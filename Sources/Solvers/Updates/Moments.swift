internal import Functions
internal import Kernels

/// m = β1·m + (1 − β1)·g,  v = β2·v + (1 − β2)·g²: moving averages of the gradient and of its
/// square
///
/// All solvers of the Adam family share this type. Both averages begin at 0, which draws them
/// towards 0; ``correct(_:_:_:)`` writes the factors that remove this bias.
struct Moments: Sendable {
  /// The state names of m and v, in this order.
  static let names = ["first moment", "second moment"]

  private let first: FloatView
  private let second: FloatView
  /// β1, 1 − β1, β2 and 1 − β2. The complements are rounded once, from double precision.
  private let kept1: Float
  private let added1: Float
  private let kept2: Float
  private let added2: Float

  /// Takes m and v from the first two states. A rule may have further states.
  init(_ states: [FloatView], _ beta1: Double, _ beta2: Double) {
    (first, second) = (states[0], states[1])
    (kept1, added1) = (Float(beta1), Float(1 - beta1))
    (kept2, added2) = (Float(beta2), Float(1 - beta2))
  }

  /// Updates both moments at `index` with eight elements of the gradient, and returns the new m and
  /// v.
  @inline(__always)
  func take(_ gradient: Lanes.Vector, _ index: Int) -> (first: Lanes.Vector, second: Lanes.Vector) {
    let (means, squares) = (Lanes(first), Lanes(second))
    let mean = means[index] * kept1 + added1 * gradient
    let square = squares[index] * kept2 + added2 * (gradient * gradient)
    means[index] = mean
    squares[index] = square
    return (mean, square)
  }

  /// Returns eight elements of m and v unchanged.
  @inline(__always)
  func values(_ index: Int) -> (first: Lanes.Vector, second: Lanes.Vector) {
    (Lanes(first)[index], Lanes(second)[index])
  }

  /// Writes the bias corrections 1/(1 − β1ᵗ) and 1/√(1 − β2ᵗ) of update t.
  static func correct(_ rates: DoubleView, _ beta1: Double, _ beta2: Double) {
    let number = rates[UpdateRates.number]
    rates[UpdateRates.corrections] = 1 / (1 - power(beta1, number))
    rates[UpdateRates.corrections + 1] = 1 / (1 - power(beta2, number)).squareRoot()
  }
}
