extension ElementwiseLoops {
  /// abs(x)
  package static var magnitude: ElementwiseLoops { ElementwiseLoops(MagnitudeFunction()) }

  /// min(max(x, least), greatest)
  package static func clip(from least: Float, to greatest: Float) -> ElementwiseLoops {
    ElementwiseLoops(ClipFunction(least: least, greatest: greatest))
  }

  /// 1 where x > threshold, else 0
  package static func step(above threshold: Float) -> ElementwiseLoops {
    ElementwiseLoops(StepFunction(threshold: threshold))
  }

  /// min(max(x, 0), 6)
  package static var relu6: ElementwiseLoops { ElementwiseLoops(BoundedRampFunction()) }

  /// x · min(max(x + 3, 0), 6) / 6
  package static var hardSwish: ElementwiseLoops { ElementwiseLoops(HardSwishFunction()) }
}

/// abs(x)
private struct MagnitudeFunction: ElementwiseFunction {
  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float { x.magnitude }

  @inline(__always)
  func derivative(_ x: Float) -> Float { x > 0 ? 1 : x < 0 ? -1 : 0 }
}

/// min(max(x, least), greatest)
private struct ClipFunction: ElementwiseFunction {
  let least: Float
  let greatest: Float

  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float {
    let above = x < least ? least : x
    return above > greatest ? greatest : above
  }

  @inline(__always)
  func derivative(_ x: Float) -> Float { x >= least && x <= greatest ? 1 : 0 }
}

/// 1 where x > threshold, else 0
private struct StepFunction: ElementwiseFunction {
  let threshold: Float

  static var derivesFromOutput: Bool { true }

  @inline(__always)
  func value(_ x: Float) -> Float { x > threshold ? 1 : 0 }

  @inline(__always)
  func derivative(_ y: Float) -> Float { 0 }
}

/// min(max(x, 0), 6)
private struct BoundedRampFunction: ElementwiseFunction {
  static var derivesFromOutput: Bool { true }

  @inline(__always)
  func value(_ x: Float) -> Float {
    let above = x < 0 ? 0 : x
    return above > 6 ? 6 : above
  }

  @inline(__always)
  func derivative(_ y: Float) -> Float { y > 0 && y < 6 ? 1 : 0 }
}

/// x · min(max(x + 3, 0), 6) / 6
private struct HardSwishFunction: ElementwiseFunction {
  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float {
    let above = x < -3 ? 0 : x + 3
    return x * ((above > 6 ? 6 : above) / 6)
  }

  @inline(__always)
  func derivative(_ x: Float) -> Float {
    let between = x / 3 + 0.5
    return x < -3 ? 0 : x > 3 ? 1 : between
  }
}
