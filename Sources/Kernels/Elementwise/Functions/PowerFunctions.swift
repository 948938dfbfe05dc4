internal import Functions

extension ElementwiseLoops {
  /// shift + scale·x
  package static func affine(scale: Float, shift: Float) -> ElementwiseLoops {
    ElementwiseLoops(AffineFunction(scale: scale, shift: shift))
  }

  /// (shift + scale·x)²
  package static func square(scale: Float, shift: Float) -> ElementwiseLoops {
    ElementwiseLoops(SquareFunction(scale: scale, shift: shift))
  }

  /// (shift + scale·x)^power
  package static func power(_ power: Float, scale: Float, shift: Float) -> ElementwiseLoops {
    ElementwiseLoops(PowerFunction(power: power, scale: scale, shift: shift))
  }

  /// e^(shift + scale·x)
  package static func exponential(scale: Float, shift: Float) -> ElementwiseLoops {
    ElementwiseLoops(ExponentialFunction(scale: scale, shift: shift))
  }

  /// factor · ln(shift + scale·x)
  package static func logarithm(factor: Float, scale: Float, shift: Float) -> ElementwiseLoops {
    ElementwiseLoops(LogarithmFunction(factor: factor, scale: scale, shift: shift))
  }
}

/// shift + scale·x
private struct AffineFunction: ElementwiseFunction {
  let scale: Float
  let shift: Float

  static var derivesFromOutput: Bool { true }

  @inline(__always)
  func value(_ x: Float) -> Float { shift + scale * x }

  @inline(__always)
  func derivative(_ y: Float) -> Float { scale }
}

/// (shift + scale·x)²
private struct SquareFunction: ElementwiseFunction {
  let scale: Float
  let shift: Float

  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float {
    let base = shift + scale * x
    return base * base
  }

  @inline(__always)
  func derivative(_ x: Float) -> Float { 2 * scale * (shift + scale * x) }
}

/// (shift + scale·x)^power, for powers other than 0, 1 and 2.
private struct PowerFunction: ElementwiseFunction {
  let power: Float
  let scale: Float
  let shift: Float

  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float { Functions.power(shift + scale * x, power) }

  @inline(__always)
  func derivative(_ x: Float) -> Float {
    power * scale * Functions.power(shift + scale * x, power - 1)
  }
}

/// e^(shift + scale·x)
private struct ExponentialFunction: ElementwiseFunction {
  let scale: Float
  let shift: Float

  static var derivesFromOutput: Bool { true }

  @inline(__always)
  func value(_ x: Float) -> Float { exponential(shift + scale * x) }

  @inline(__always)
  func derivative(_ y: Float) -> Float { scale * y }
}

/// factor · ln(shift + scale·x)
private struct LogarithmFunction: ElementwiseFunction {
  let factor: Float
  let scale: Float
  let shift: Float

  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float { factor * logarithm(shift + scale * x) }

  @inline(__always)
  func derivative(_ x: Float) -> Float { factor * scale / (shift + scale * x) }
}
