/// y[r] = factor · Σ f(x[r, i]), where f is x, |x| or x². Sums are in double precision.
package func rowReduction(
  _ function: ReductionFunction, times factor: Double, of x: FloatView, rows: Int, width: Int,
  to y: FloatView
) -> some Kernel {
  let (x, y) = (x.checked(rows * width), y.checked(rows))
  return PreparedLoop {
    for row in 0..<rows {
      let start = row &* width
      var sum = 0.0
      switch function {
      case .sum: sum = x.doubleSum(from: start, count: width)
      case .absoluteSum: for index in start..<start &+ width { sum += Double(abs(x[index])) }
      case .squareSum: sum = x.squareSum(around: 0, from: start, count: width)
      }
      y[row] = Float(factor * sum)
    }
  }
}

/// dx[r, i] = factor · f′(x[r, i]) · dy[r]. The derivative of |x| at 0 is 0.
package func rowReductionGradient(
  _ function: ReductionFunction, times factor: Double, of x: FloatView, rows: Int, width: Int,
  dy: FloatView, to dx: FloatView
) -> some Kernel {
  let factor = Float(factor)
  let (x, dy, dx) = (x.checked(rows * width), dy.checked(rows), dx.checked(rows * width))
  return PreparedLoop {
    for row in 0..<rows {
      let gradient = factor * dy[row]
      let range = row &* width..<(row &+ 1) &* width
      switch function {
      case .sum:
        for index in range { dx[index] = gradient }
      case .absoluteSum:
        for index in range {
          let value = x[index]
          dx[index] = value > 0 ? gradient : value < 0 ? -gradient : 0 * value
        }
      case .squareSum:
        for index in range { dx[index] = 2 * x[index] * gradient }
      }
    }
  }
}
