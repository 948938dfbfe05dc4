/// y = f(x). x and y may be the same memory.
package func elementwise(
  _ loops: ElementwiseLoops, from x: FloatView, to y: FloatView, count: Int
) -> some Kernel {
  let (x, y) = (x.checked(count), y.checked(count))
  return PreparedLoop { loops.evaluate(x, y, count) }
}

/// dx = f′ · dy. dx and dy may be the same memory.
///
/// - Parameter kept: y if the function derives from its output, x otherwise.
package func elementwiseGradient(
  _ loops: ElementwiseLoops, kept: FloatView, dy: FloatView, to dx: FloatView, count: Int
) -> some Kernel {
  let (kept, dy, dx) = (kept.checked(count), dy.checked(count), dx.checked(count))
  return PreparedLoop { loops.propagate(kept, dy, dx, count) }
}
