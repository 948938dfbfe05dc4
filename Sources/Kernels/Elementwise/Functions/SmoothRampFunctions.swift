internal import Functions

extension ElementwiseLoops {
  /// ln(1 + eˣ)
  package static var softplus: ElementwiseLoops { ElementwiseLoops(SoftplusFunction()) }

  /// scale · (x if x > 0, else alpha · (eˣ − 1)), with alpha ≥ 0 and scale ≥ 0.
  package static func elu(scale: Float = 1, alpha: Float) -> ElementwiseLoops {
    ElementwiseLoops(ELUFunction(scale: scale, alpha: alpha))
  }
}

/// ln(1 + eˣ)
private struct SoftplusFunction: ElementwiseFunction {
  static var derivesFromOutput: Bool { true }

  @inline(__always)
  func value(_ x: Float) -> Float {
    Functions.softplus(x)
  }

  @inline(__always)
  func derivative(_ y: Float) -> Float { -exponentialMinusOne(-y) }
}

/// scale · (x if x > 0, else alpha · (eˣ − 1)), with alpha ≥ 0 and scale ≥ 0.
private struct ELUFunction: ElementwiseFunction {
  let scale: Float
  /// scale · alpha
  let limit: Float

  init(scale: Float, alpha: Float) {
    self.scale = scale
    limit = scale * alpha
  }

  static var derivesFromOutput: Bool { true }

  @inline(__always)
  func value(_ x: Float) -> Float {
    let negative = limit * exponentialMinusOne(x)
    return x > 0 ? scale * x : negative
  }

  @inline(__always)
  func derivative(_ y: Float) -> Float { y > 0 ? scale : y + limit }
}
