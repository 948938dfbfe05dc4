internal import Functions

extension ElementwiseLoops {
  /// x·Φ(x)
  package static var gelu: ElementwiseLoops { ElementwiseLoops(joint: GaussianLinearFunction()) }

  /// x·Φ(x), approximated by tanh
  package static var fastGELU: ElementwiseLoops {
    ElementwiseLoops(joint: FastGaussianLinearFunction())
  }

  /// x·σ(beta·x)
  package static func swish(beta: Float) -> ElementwiseLoops {
    ElementwiseLoops(joint: SwishFunction(beta: beta))
  }

  /// x·tanh(ln(1 + eˣ))
  package static var mish: ElementwiseLoops { ElementwiseLoops(joint: MishFunction()) }
}

/// x·Φ(x)
private struct GaussianLinearFunction: JointElementwiseFunction {
  @inline(__always)
  func valueAndDerivative(_ x: Float) -> (value: Float, derivative: Float) {
    let (probability, density) = normalDistribution(x)
    return (x * probability, probability + x * density)
  }
}

/// x·σ(2u), because ½·(1 + tanh u) = σ(2u).
private struct FastGaussianLinearFunction: JointElementwiseFunction {
  /// 2u = x·(a + b·x²) with a = 2·√(2/π) and b = 0.044715·a.
  @inline(__always)
  func valueAndDerivative(_ x: Float) -> (value: Float, derivative: Float) {
    // Beyond these bounds σ(2u) is 0 or 1. Within them x³ does not overflow.
    let above: Float = x < -12 ? -12 : x
    let bounded: Float = above > 12 ? 12 : above
    let square = bounded * bounded
    let gate = sigmoid(bounded * (1.595_769_1 + 0.071_354_81 * square))
    let slope: Float = 1.595_769_1 + 0.214_064_43 * square
    return (x * gate, gate + bounded * (gate * (1 - gate)) * slope)
  }
}

/// x·σ(beta·x)
private struct SwishFunction: JointElementwiseFunction {
  let beta: Float

  @inline(__always)
  func valueAndDerivative(_ x: Float) -> (value: Float, derivative: Float) {
    let gate = sigmoid(beta * x)
    // The derivative of the gate comes first: it is 0 at saturation, and beta·x may overflow.
    return (x * gate, gate + x * (gate * (1 - gate)) * beta)
  }
}

/// x·tanh(ln(1 + eˣ))
private struct MishFunction: JointElementwiseFunction {
  @inline(__always)
  func valueAndDerivative(_ x: Float) -> (value: Float, derivative: Float) {
    // At this bound t is 1 in float, and (w + 2)² does not overflow.
    let bounded: Float = x > 20 ? 20 : x
    let e = exponential(bounded)
    let w = e * (e + 2)
    let inverse = 1 / (w + 2)
    return (x * (w / (w + 2)), w * inverse + bounded * (4 * e * (e + 1) * inverse * inverse))
  }
}
