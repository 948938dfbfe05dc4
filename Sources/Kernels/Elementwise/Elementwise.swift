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

/// The loops of an elementwise function, one of those in `Functions`.
///
/// The initializer compiles both loops for the function's own type and inlines the function. A kernel dispatches once
/// per run, never once per element.
package struct ElementwiseLoops: Sendable {
  /// See ``ElementwiseFunction/derivesFromOutput``.
  package let derivesFromOutput: Bool
  /// Computes y = f(x) for the given number of elements.
  fileprivate let evaluate: @Sendable (_ x: FloatView, _ y: FloatView, Int) -> Void
  /// Computes dx = f′·dy for the given number of elements, with f′ from x or y.
  fileprivate let propagate:
    @Sendable (_ kept: FloatView, _ dy: FloatView, _ dx: FloatView, Int) -> Void

  init<Function: ElementwiseFunction>(_ function: Function) {
    derivesFromOutput = Function.derivesFromOutput
    evaluate = { x, y, count in
      for index in 0..<count { y[index] = function.value(x[index]) }
    }
    propagate = { kept, dy, dx, count in
      for index in 0..<count { dx[index] = function.derivative(kept[index]) * dy[index] }
    }
  }
}

/// y = f(x); x and y may be the same memory.
package func elementwise(
  _ loops: ElementwiseLoops, from x: FloatView, to y: FloatView, count: Int
) -> some Kernel {
  let (x, y) = (x.checked(count), y.checked(count))
  return PreparedLoop { loops.evaluate(x, y, count) }
}

/// dx = f′ · dy; dx and dy may be the same memory.
///
/// - Parameter kept: y where the function derives from its output, else x.
package func elementwiseGradient(
  _ loops: ElementwiseLoops, kept: FloatView, dy: FloatView, to dx: FloatView, count: Int
) -> some Kernel {
  let (kept, dy, dx) = (kept.checked(count), dy.checked(count), dx.checked(count))
  return PreparedLoop { loops.propagate(kept, dy, dx, count) }
}
