/// The forward and backward loops of an elementwise function in `Functions`.
///
/// The initializer compiles both loops for the function's own type and inlines the function. A
/// kernel dispatches once per run, never once per element.
package struct ElementwiseLoops: Sendable {
  /// True if the derivative is a function of y; see ``ElementwiseFunction/derivesFromOutput``.
  package let derivesFromOutput: Bool
  /// Computes y = f(x) for the given number of elements.
  let evaluate: @Sendable (_ x: FloatView, _ y: FloatView, Int) -> Void
  /// Computes dx = f′·dy for the given number of elements, with f′ from x or y.
  let propagate: @Sendable (_ kept: FloatView, _ dy: FloatView, _ dx: FloatView, Int) -> Void
  /// Computes y = f(x) and f′(x) for the given number of elements. Nil if this takes as long as two
  /// loops.
  let evaluateBoth:
    (@Sendable (_ x: FloatView, _ y: FloatView, _ derivative: FloatView, Int) -> Void)?

  /// True if a forward pass for training should keep f′(x) instead of x.
  package var keepsDerivative: Bool { evaluateBoth != nil }

  init<Function: ElementwiseFunction>(_ function: Function) {
    derivesFromOutput = Function.derivesFromOutput
    evaluate = { x, y, count in
      for index in 0..<count { y[index] = function.value(x[index]) }
    }
    propagate = { kept, dy, dx, count in
      for index in 0..<count { dx[index] = function.derivative(kept[index]) * dy[index] }
    }
    evaluateBoth = nil
  }

  init<Function: JointElementwiseFunction>(joint function: Function) {
    derivesFromOutput = Function.derivesFromOutput
    evaluate = { x, y, count in
      for index in 0..<count { y[index] = function.value(x[index]) }
    }
    propagate = { kept, dy, dx, count in
      for index in 0..<count { dx[index] = function.derivative(kept[index]) * dy[index] }
    }
    evaluateBoth = { x, y, derivative, count in
      for index in 0..<count {
        let (value, slope) = function.valueAndDerivative(x[index])
        y[index] = value
        derivative[index] = slope
      }
    }
  }
}
