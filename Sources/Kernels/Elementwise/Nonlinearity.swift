internal import Functions

/// An elementwise function y = f(x) whose derivative is a function of y. The forward pass need not
/// keep x.
package enum Nonlinearity: Sendable, Hashable {
  /// max(x, 0) + slope · min(x, 0). The derivative at 0 is `slope`.
  ///
  /// The derivative follows from the sign of y. A negative slope hides the sign of x.
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

  /// The slope of a ReLU for negative values. Nil for other functions.
  var slope: Float? {
    if case .relu(let slope) = self { return slope }
    return nil
  }

  /// True for ReLU, which tiles apply before they store a result.
  var isRamp: Bool { slope != nil }

  /// y = f(x) for `count` elements, in a loop of its own for each function.
  func apply(from x: FloatView, to y: FloatView, count: Int) {
    switch self {
    case .relu(let slope):
      var index = 0
      while index &+ 16 <= count {
        y.store(x.load16(index).rectified(slope: slope), index)
        index &+= 16
      }
      while index < count {
        y[index] = rectified(x[index], slope: slope)
        index &+= 1
      }
    case .sigmoid:
      for index in 0..<count { y[index] = Functions.sigmoid(x[index]) }
    case .tanh:
      for index in 0..<count { y[index] = hyperbolicTangent(x[index]) }
    }
  }
}

/// max(x, 0) + slope · min(x, 0), with 0 for negative values if the slope is 0. NaN stays NaN.
@inlinable @inline(__always)
public func rectified(_ x: Float, slope: Float) -> Float {
  x <= 0 ? (slope == 0 ? 0 : slope * x) : x
}

extension SIMD16 where Scalar == Float {
  /// The elements, each rectified.
  @inlinable @inline(__always)
  public func rectified(slope: Float) -> SIMD16<Float> {
    replacing(with: slope == 0 ? SIMD16(repeating: 0) : self * slope, where: self .<= 0)
  }
}

/// y = f(x), element by element. x and y may be the same memory.
package func nonlinearity(
  _ function: Nonlinearity, from x: FloatView, to y: FloatView, count: Int
) -> some Kernel {
  let (x, y) = (x.checked(count), y.checked(count))
  return PreparedLoop { function.apply(from: x, to: y, count: count) }
}

/// dx = f′(x) · dy, with f′ from y.
///
/// f′ is 1 or the slope for ReLU, y·(1 − y) for sigmoid, and 1 − y² for tanh.
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
