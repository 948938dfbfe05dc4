internal import Functions
package import Kernels

/// y = x · scale^(−beta), with scale = k + factor · Σ x² over the window around each element.
package func localResponse(
  _ window: ResponseWindow, _ x: FloatView, to y: FloatView, scale: FloatView
) -> some Kernel {
  let count = window.count
  let (x, y, scale) = (x.checked(count), y.checked(count), scale.checked(count))
  return PreparedLoop {
    // y holds the squares during the sums over windows.
    for index in 0..<count { y[index] = x[index] * x[index] }
    window.addWindows(of: y, to: scale)
    let (factor, k, exponent) = (Float(window.factor), Float(window.k), -Float(window.beta))
    for index in 0..<count {
      let value = k + factor * scale[index]
      scale[index] = value
      y[index] = x[index] * power(value, exponent)
    }
  }
}

/// ∂x = ∂y · scale^(−beta) − 2 · beta · factor · x · Σ (∂y·y/scale) over the window.
///
/// The window is centred on each element. It holds the elements whose windows contain that element.
///
/// - Parameter ratio: memory for as many elements as x has.
package func localResponseGradient(
  _ window: ResponseWindow, _ x: FloatView, y: FloatView, scale: FloatView, dy: FloatView,
  ratio: FloatView, to dx: FloatView
) -> some Kernel {
  let count = window.count
  let (x, y, scale) = (x.checked(count), y.checked(count), scale.checked(count))
  let (dy, ratio, dx) = (dy.checked(count), ratio.checked(count), dx.checked(count))
  return PreparedLoop {
    for index in 0..<count { ratio[index] = dy[index] * y[index] / scale[index] }
    window.addWindows(of: ratio, to: dx)
    let exponent = -Float(window.beta)
    let factor = Float(2 * window.beta * window.factor)
    for index in 0..<count {
      dx[index] =
        dy[index] * power(scale[index], exponent) - factor * x[index] * dx[index]
    }
  }
}

/// base^exponent. Two roots, which vectors support, compute the usual exponent −¾.
@inline(__always)
private func power(_ base: Float, _ exponent: Float) -> Float {
  guard exponent == -0.75 else { return Functions.power(base, exponent) }
  let root = base.squareRoot()
  return 1 / (root * root.squareRoot())
}
