/// y = f(x). x and y may be the same memory.
package func elementwise(
  _ loops: ElementwiseLoops, from x: FloatView, to y: FloatView, count: Int
) -> some Kernel {
  let (x, y) = (x.checked(count), y.checked(count))
  return PreparedLoop { loops.evaluate(x, y, count) }
}

/// y = f(x) and f′(x), for functions that keep their derivative. x may be the memory of a result.
package func elementwise(
  _ loops: ElementwiseLoops, from x: FloatView, to y: FloatView, derivative: FloatView, count: Int
) -> some Kernel {
  guard let evaluate = loops.evaluateBoth else {
    preconditionFailure("the function does not keep its derivative")
  }
  let (x, y, derivative) = (x.checked(count), y.checked(count), derivative.checked(count))
  return PreparedLoop { evaluate(x, y, derivative, count) }
}

/// dx = derivative · dy. dx and dy may be the same memory.
package func elementwiseGradient(
  derivative: FloatView, dy: FloatView, to dx: FloatView, count: Int
) -> some Kernel {
  let (derivative, dy, dx) = (derivative.checked(count), dy.checked(count), dx.checked(count))
  return PreparedLoop {
    for index in 0..<count { dx[index] = derivative[index] * dy[index] }
  }
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
