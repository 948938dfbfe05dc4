/// y = f(x), element by element, with its derivative.
///
/// A type marks both functions `@inline(__always)`. Where they have no branch and call no library, the loops over them
/// become vectors.
protocol ElementwiseFunction: Sendable {
  /// True where f′ is taken from y, so that x need not be kept until backward.
  static var derivesFromOutput: Bool { get }

  /// f(x)
  func value(_ x: Float) -> Float

  /// f′, from x; or from y where ``derivesFromOutput`` is true.
  func derivative(_ kept: Float) -> Float
}
