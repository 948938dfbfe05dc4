internal import Glibc

/// An elementwise function y = f(x) whose derivative is known from y alone, so that x need not be kept.
package enum Nonlinearity: Sendable, Hashable {
  /// max(x, 0) + slope · min(x, 0). The derivative at 0 is `slope`; with a negative one y does not tell the sign of x,
  /// from which the derivative is taken then.
  case relu(slope: Float)
  /// 1 / (1 + e⁻ˣ)
  case sigmoid
  /// tanh x
  case tanh

  package var description: String {
    switch self {
    case .relu(let slope): slope == 0 ? "relu" : "relu(\(slope))"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    }
  }

  /// f(x)
  @inline(__always)
  func value(_ x: Float) -> Float {
    switch self {
    case .relu(let slope): x > 0 ? x : slope * x
    case .sigmoid: 1 / (1 + expf(-x))
    case .tanh: tanhf(x)
    }
  }
}

/// y = f(x), element by element; x and y may be the same memory.
package func nonlinearity(
  _ function: Nonlinearity, from x: FloatView, to y: FloatView, count: Int
) -> some Kernel {
  let (x, y) = (x.checked(count), y.checked(count))
  return PreparedLoop {
    switch function {
    case .relu(let slope):
      for index in 0..<count {
        let value = x[index]
        y[index] = value > 0 ? value : slope * value
      }
    case .sigmoid, .tanh:
      for index in 0..<count { y[index] = function.value(x[index]) }
    }
  }
}

/// dx = f′(x) · dy, with f′ from y = f(x): 1 or the slope; y·(1 − y); 1 − y².
package func nonlinearityGradient(
  _ function: Nonlinearity, y: FloatView, dy: FloatView, to dx: FloatView, count: Int
) -> some Kernel {
  let (y, dy, dx) = (y.checked(count), dy.checked(count), dx.checked(count))
  return PreparedLoop {
    switch function {
    case .relu(let slope):
      for index in 0..<count {
        let gradient = dy[index]
        dx[index] = y[index] > 0 ? gradient : slope * gradient
      }
    case .sigmoid:
      for index in 0..<count { dx[index] = y[index] * (1 - y[index]) * dy[index] }
    case .tanh:
      for index in 0..<count { dx[index] = (1 - y[index] * y[index]) * dy[index] }
    }
  }
}
