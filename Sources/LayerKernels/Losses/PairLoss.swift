internal import Functions
package import Kernels

/// A loss of prediction x and target y, element by element.
package enum PairLoss: Sendable {
  /// |x − y|
  case absolute
  /// (x − y)²
  case squared
  /// (x − y)²/2 up to δ, δ·(|x − y| − δ/2) beyond.
  case huber(delta: Double)
  /// −y·log σ(x) − (1 − y)·log(1 − σ(x)). An element with the target `ignoring` does not count.
  case sigmoidCrossEntropy(ignoring: Float)
  /// y·(log y − x)
  case divergence
  /// e^y·(y − x)
  case logDivergence
}

/// Sums of a ``PairLoss`` over all elements, in double precision.
package func pairLossSum(
  _ loss: PairLoss, _ x: FloatView, _ y: FloatView, sums: DoubleView, examples: Int, width: Int,
  weights: ExampleWeights = .equal
) -> some Kernel {
  let count = examples * width
  let (x, y, sums) = (x.checked(count), y.checked(count), sums.checked(LossSums.count))
  // Inlining with the closure gives each loss its own loop.
  @inline(__always) @Sendable
  func sum(ignoring ignored: Float = .nan, _ value: (_ x: Double, _ y: Double) -> Double) {
    guard !weights.areGiven else { return sumWeighted(ignoring: ignored, value) }
    var (total, valid) = (0.0, 0)
    for index in 0..<count where y[index] != ignored {
      total += value(Double(x[index]), Double(y[index]))
      valid &+= 1
    }
    sums.setLoss(total, valid: Double(valid), positions: count, examples: examples, weights)
  }
  @Sendable
  func sumWeighted(ignoring ignored: Float, _ value: (_ x: Double, _ y: Double) -> Double) {
    var (total, valid) = (0.0, 0.0)
    for example in 0..<examples {
      let weight = weights[example]
      for index in example &* width..<(example &+ 1) &* width where y[index] != ignored {
        total += weight * value(Double(x[index]), Double(y[index]))
        valid += weight
      }
    }
    sums.setLoss(total, valid: valid, positions: count, examples: examples, weights)
  }
  return PreparedLoop {
    switch loss {
    case .absolute: sum { x, y in abs(x - y) }
    case .squared: sum { x, y in (x - y) * (x - y) }
    case .huber(let delta):
      sum { x, y in
        let distance = abs(x - y)
        return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2)
      }
    case .sigmoidCrossEntropy(let ignored):
      // max(x, 0) − x·y + log(1 + e^(−|x|)), in which no exponential overflows.
      sum(ignoring: ignored) { x, y in
        max(x, 0) - x * y + Double(softplus(-Float(abs(x))))
      }
    // The limit at a target of 0 is 0. A negative target gives NaN.
    case .divergence: sum { x, y in y == 0 ? 0 : y * (logarithm(y) - x) }
    case .logDivergence: sum { x, y in exponential(y) * (y - x) }
    }
  }
}

/// The gradient of a ``PairLoss`` by x or y. It is 0 at elements that do not count.
///
/// - Parameter isOfTarget: true for the gradient by y, false for that by x.
package func pairLossGradient(
  _ loss: PairLoss, _ x: FloatView, _ y: FloatView, _ scale: LossScale, to gradient: FloatView,
  isOfTarget: Bool, count: Int
) -> some Kernel {
  let (x, y, gradient) = (x.checked(count), y.checked(count), gradient.checked(count))
  @inline(__always) @Sendable
  func derive(
    ignoring ignored: Float = .nan, _ slopes: (_ x: Double, _ y: Double) -> (x: Double, y: Double)
  ) {
    let scale = scale.value
    for index in 0..<count {
      guard y[index] != ignored else {
        gradient[index] = 0
        continue
      }
      let slopes = slopes(Double(x[index]), Double(y[index]))
      gradient[index] = Float((isOfTarget ? slopes.y : slopes.x) * scale)
    }
  }
  return PreparedLoop {
    switch loss {
    case .absolute:
      derive { x, y in
        let sign = x > y ? 1.0 : x < y ? -1 : 0
        return (sign, -sign)
      }
    case .squared: derive { x, y in (2 * (x - y), 2 * (y - x)) }
    case .huber(let delta):
      derive { x, y in
        let slope = min(max(x - y, -delta), delta)
        return (slope, -slope)
      }
    case .sigmoidCrossEntropy(let ignored):
      derive(ignoring: ignored) { x, y in
        (Double(sigmoid(Float(x))) - y, -x)
      }
    case .divergence: derive { x, y in (-y, y == 0 ? 0 : logarithm(y) + 1 - x) }
    case .logDivergence: derive { x, y in (-exponential(y), exponential(y) * (y - x + 1)) }
    }
  }
}
