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
