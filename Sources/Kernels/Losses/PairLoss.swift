internal import Glibc

/// A loss of prediction x and target y, element by element.
package enum PairLoss: Sendable {
  /// |x − y|
  case absolute
  /// (x − y)²
  case squared
  /// (x − y)²/2 up to δ, δ·(|x − y| − δ/2) beyond.
  case huber(delta: Double)
  /// −y·log σ(x) − (1 − y)·log(1 − σ(x)); an element whose target is `ignoring` does not count.
  case sigmoidCrossEntropy(ignoring: Float)
  /// y·(log y − x)
  case divergence
  /// e^y·(y − x)
  case logDivergence
}

/// A ``PairLoss`` as a type, so that loops are compiled for each.
private protocol PairFunction {
  func counts(_ y: Float) -> Bool
  func value(_ x: Double, _ y: Double) -> Double
  /// The derivative by x, and by y.
  func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double)
}

extension PairFunction {
  @inline(__always)
  func counts(_ y: Float) -> Bool { true }
}

private struct AbsoluteDifference: PairFunction {
  @inline(__always)
  func value(_ x: Double, _ y: Double) -> Double { abs(x - y) }

  @inline(__always)
  func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let sign = x > y ? 1.0 : x < y ? -1 : 0
    return (sign, -sign)
  }
}

private struct SquaredDifference: PairFunction {
  @inline(__always)
  func value(_ x: Double, _ y: Double) -> Double { (x - y) * (x - y) }

  @inline(__always)
  func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double) { (2 * (x - y), 2 * (y - x)) }
}

private struct HuberDifference: PairFunction {
  let delta: Double

  @inline(__always)
  func value(_ x: Double, _ y: Double) -> Double {
    let distance = abs(x - y)
    return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2)
  }

  @inline(__always)
  func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let slope = min(max(x - y, -delta), delta)
    return (slope, -slope)
  }
}

private struct SigmoidCrossEntropy: PairFunction {
  let ignored: Float

  @inline(__always)
  func counts(_ y: Float) -> Bool { y != ignored }

  /// max(x, 0) − x·y + log(1 + e^(−|x|)): no exponential overflows.
  @inline(__always)
  func value(_ x: Double, _ y: Double) -> Double {
    max(x, 0) - x * y + Double(log1pf(expf(-Float(abs(x)))))
  }

  @inline(__always)
  func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let exponential = Double(expf(-Float(abs(x))))
    return ((x >= 0 ? 1 : exponential) / (1 + exponential) - y, -x)
  }
}

private struct Divergence: PairFunction {
  /// 0 for a target of 0, the limit; NaN for one below.
  @inline(__always)
  func value(_ x: Double, _ y: Double) -> Double { y == 0 ? 0 : y * (log(y) - x) }

  @inline(__always)
  func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (-y, y == 0 ? 0 : log(y) + 1 - x)
  }
}

private struct LogDivergence: PairFunction {
  @inline(__always)
  func value(_ x: Double, _ y: Double) -> Double { exp(y) * (y - x) }

  @inline(__always)
  func slopes(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (-exp(y), exp(y) * (y - x + 1))
  }
}

/// Sums of a ``PairLoss`` over all elements, in double precision.
package struct PairLossSum: Kernel {
  private let loss: PairLoss
  private let x: FloatView
  private let y: FloatView
  private let sums: DoubleView
  private let examples: Int
  private let count: Int

  package init(
    _ loss: PairLoss, _ x: FloatView, _ y: FloatView, sums: DoubleView, examples: Int, width: Int
  ) {
    self.loss = loss
    self.x = x.checked(examples * width)
    self.y = y.checked(examples * width)
    self.sums = sums.checked(LossSums.count)
    self.examples = examples
    count = examples * width
  }

  package func run() {
    switch loss {
    case .absolute: sum(AbsoluteDifference())
    case .squared: sum(SquaredDifference())
    case .huber(let delta): sum(HuberDifference(delta: delta))
    case .sigmoidCrossEntropy(let ignored): sum(SigmoidCrossEntropy(ignored: ignored))
    case .divergence: sum(Divergence())
    case .logDivergence: sum(LogDivergence())
    }
  }

  @inline(__always)
  private func sum(_ function: some PairFunction) {
    var (total, valid) = (0.0, 0)
    for index in 0..<count where function.counts(y[index]) {
      total += function.value(Double(x[index]), Double(y[index]))
      valid &+= 1
    }
    sums.setLoss(total, valid: Double(valid), positions: count, examples: examples)
  }
}

/// The gradient of a ``PairLoss`` by x or y.
package struct PairLossGradient: Kernel {
  private let loss: PairLoss
  private let x: FloatView
  private let y: FloatView
  private let scale: LossScale
  private let gradient: FloatView
  private let isOfTarget: Bool
  private let count: Int

  /// - Parameter isOfTarget: by y; otherwise by x.
  package init(
    _ loss: PairLoss, _ x: FloatView, _ y: FloatView, _ scale: LossScale, to gradient: FloatView,
    isOfTarget: Bool, count: Int
  ) {
    self.loss = loss
    self.x = x.checked(count)
    self.y = y.checked(count)
    self.scale = scale
    self.gradient = gradient.checked(count)
    self.isOfTarget = isOfTarget
    self.count = count
  }

  package func run() {
    switch loss {
    case .absolute: derive(AbsoluteDifference())
    case .squared: derive(SquaredDifference())
    case .huber(let delta): derive(HuberDifference(delta: delta))
    case .sigmoidCrossEntropy(let ignored): derive(SigmoidCrossEntropy(ignored: ignored))
    case .divergence: derive(Divergence())
    case .logDivergence: derive(LogDivergence())
    }
  }

  @inline(__always)
  private func derive(_ function: some PairFunction) {
    let scale = scale.value
    for index in 0..<count {
      guard function.counts(y[index]) else {
        gradient[index] = 0
        continue
      }
      let slopes = function.slopes(Double(x[index]), Double(y[index]))
      gradient[index] = Float((isOfTarget ? slopes.y : slopes.x) * scale)
    }
  }
}
