internal import Functions

extension ElementwiseLoops {
  /// x·Φ(x)
  package static var gelu: ElementwiseLoops { ElementwiseLoops(GaussianLinearFunction()) }

  /// x·Φ(x), approximated by tanh
  package static var fastGELU: ElementwiseLoops { ElementwiseLoops(FastGaussianLinearFunction()) }

  /// x·σ(beta·x)
  package static func swish(beta: Float) -> ElementwiseLoops {
    ElementwiseLoops(SwishFunction(beta: beta))
  }

  /// x·tanh(ln(1 + eˣ))
  package static var mish: ElementwiseLoops { ElementwiseLoops(MishFunction()) }
}

/// x·Φ(x)
private struct GaussianLinearFunction: ElementwiseFunction {
  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float { x * normalDistribution(x).probability }

  @inline(__always)
  func derivative(_ x: Float) -> Float {
    let (probability, density) = normalDistribution(x)
    return probability + x * density
  }
}

/// x·σ(2u), because ½·(1 + tanh u) = σ(2u).
private struct FastGaussianLinearFunction: ElementwiseFunction {
  static var derivesFromOutput: Bool { false }

  /// Beyond these bounds σ(2u) is 0 or 1. Within them x³ does not overflow.
  @inline(__always)
  private func bounded(_ x: Float) -> Float {
    let above = x < -12 ? -12 : x
    return above > 12 ? 12 : above
  }

  /// σ(2u), 2u = x·(a + b·x²) with a = 2·√(2/π) and b = 0.044715·a.
  @inline(__always)
  private func gate(_ x: Float) -> Float {
    sigmoid(x * (1.595_769_1 + 0.071_354_81 * (x * x)))
  }

  @inline(__always)
  func value(_ x: Float) -> Float { x * gate(bounded(x)) }

  @inline(__always)
  func derivative(_ x: Float) -> Float {
    let x = bounded(x)
    let gate = gate(x)
    let slope: Float = 1.595_769_1 + 0.214_064_43 * (x * x)
    return gate + x * (gate * (1 - gate)) * slope
  }
}

/// x·σ(beta·x)
private struct SwishFunction: ElementwiseFunction {
  let beta: Float

  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float { x * sigmoid(beta * x) }

  @inline(__always)
  func derivative(_ x: Float) -> Float {
    let gate = sigmoid(beta * x)
    // The derivative of the gate comes first: it is 0 at saturation, and beta·x may overflow.
    return gate + x * (gate * (1 - gate)) * beta
  }
}

/// x·tanh(ln(1 + eˣ))
private struct MishFunction: ElementwiseFunction {
  static var derivesFromOutput: Bool { false }

  /// At this bound t is 1 in float, and (w + 2)² does not overflow.
  @inline(__always)
  private func bounded(_ x: Float) -> Float { x > 20 ? 20 : x }

  @inline(__always)
  func value(_ x: Float) -> Float {
    let e = exponential(bounded(x))
    let w = e * (e + 2)
    return x * (w / (w + 2))
  }

  @inline(__always)
  func derivative(_ x: Float) -> Float {
    let x = bounded(x)
    let e = exponential(x)
    let w = e * (e + 2)
    let inverse = 1 / (w + 2)
    return w * inverse + x * (4 * e * (e + 1) * inverse * inverse)
  }
}
