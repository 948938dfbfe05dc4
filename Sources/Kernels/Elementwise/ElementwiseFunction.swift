/// An elementwise function y = f(x) with its derivative.
///
/// A type marks both functions `@inline(__always)`. The compiler vectorizes the loops of functions
/// that have no branch and call no library.
protocol ElementwiseFunction: Sendable {
  /// True if f′ is a function of y. The forward pass then need not keep x.
  static var derivesFromOutput: Bool { get }

  /// f(x)
  func value(_ x: Float) -> Float

  /// f′, computed from x, or from y if ``derivesFromOutput`` is true.
  func derivative(_ kept: Float) -> Float
}

/// An elementwise function whose value and derivative share most of their work.
///
/// A forward pass for training computes both, and keeps the derivative in place of x.
protocol JointElementwiseFunction: ElementwiseFunction {
  /// f(x) and f′(x)
  func valueAndDerivative(_ x: Float) -> (value: Float, derivative: Float)
}

extension JointElementwiseFunction {
  static var derivesFromOutput: Bool { false }

  @inline(__always)
  func value(_ x: Float) -> Float { valueAndDerivative(x).value }

  @inline(__always)
  func derivative(_ x: Float) -> Float { valueAndDerivative(x).derivative }
}
