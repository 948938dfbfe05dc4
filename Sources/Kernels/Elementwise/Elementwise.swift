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
/// They are compiled for the function's own type, with it inlined: what is dispatched is one call a kernel's run,
/// never one an element. A generic kernel would not do, since what stands behind `any Kernel` is
/// compiled once for all types.
package struct ElementwiseLoops: Sendable {
  /// See ``ElementwiseFunction/derivesFromOutput``.
  package let derivesFromOutput: Bool
  /// y = f(x) of so many elements.
  fileprivate let evaluate: @Sendable (_ x: FloatView, _ y: FloatView, Int) -> Void
  /// dx = f′·dy of so many elements, f′ from x or y.
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
package struct ElementwiseKernel: Kernel {
  private let loops: ElementwiseLoops
  private let x: FloatView
  private let y: FloatView
  private let count: Int

  package init(
    _ loops: ElementwiseLoops, from x: FloatView, to y: FloatView, count: Int
  ) {
    self.loops = loops
    self.x = x.checked(count)
    self.y = y.checked(count)
    self.count = count
  }

  package func run() { loops.evaluate(x, y, count) }
}

/// dx = f′ · dy; dx and dy may be the same memory.
package struct ElementwiseGradient: Kernel {
  private let loops: ElementwiseLoops
  private let kept: FloatView
  private let dy: FloatView
  private let dx: FloatView
  private let count: Int

  /// - Parameter kept: y where the function derives from its output, else x.
  package init(
    _ loops: ElementwiseLoops, kept: FloatView, dy: FloatView, to dx: FloatView,
    count: Int
  ) {
    self.loops = loops
    self.kept = kept.checked(count)
    self.dy = dy.checked(count)
    self.dx = dx.checked(count)
    self.count = count
  }

  package func run() { loops.propagate(kept, dy, dx, count) }
}
