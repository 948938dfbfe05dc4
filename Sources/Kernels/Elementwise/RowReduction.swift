/// What is made of a row of elements.
package enum ReductionFunction: Sendable, Hashable {
  case sum
  case absoluteSum
  case squareSum
}

/// y[r] = factor · Σ f(x[r, i]), f being x, |x| or x²; sums in double precision.
package struct RowReduction: Kernel {
  private let function: ReductionFunction
  private let factor: Double
  private let x: FloatView
  private let width: Int
  private let y: FloatView
  private let rows: Int

  package init(
    _ function: ReductionFunction, times factor: Double, of x: FloatView, rows: Int, width: Int,
    to y: FloatView
  ) {
    self.function = function
    self.factor = factor
    self.x = x.checked(rows * width)
    self.width = width
    self.y = y.checked(rows)
    self.rows = rows
  }

  package func run() {
    for row in 0..<rows {
      let start = row &* width
      let sum =
        switch function {
        case .sum: x.doubleSum(from: start, count: width)
        case .absoluteSum: absoluteSum(start)
        case .squareSum: x.squareSum(around: 0, from: start, count: width)
        }
      y[row] = Float(factor * sum)
    }
  }

  @inline(__always)
  private func absoluteSum(_ start: Int) -> Double {
    var sum = 0.0
    for index in start..<start &+ width { sum += Double(abs(x[index])) }
    return sum
  }
}

/// dx[r, i] = factor · f′(x[r, i]) · dy[r]; the derivative of |x| at 0 is 0.
package struct RowReductionGradient: Kernel {
  private let function: ReductionFunction
  private let factor: Float
  private let x: FloatView
  private let width: Int
  private let dy: FloatView
  private let dx: FloatView
  private let rows: Int

  package init(
    _ function: ReductionFunction, times factor: Double, of x: FloatView, rows: Int, width: Int,
    dy: FloatView, to dx: FloatView
  ) {
    self.function = function
    self.factor = Float(factor)
    self.x = x.checked(rows * width)
    self.width = width
    self.dy = dy.checked(rows)
    self.dx = dx.checked(rows * width)
    self.rows = rows
  }

  package func run() {
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
