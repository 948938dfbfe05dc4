internal import Functions

/// result[c] = Σ_r x[r, c] of a rows × columns matrix, such as a bias gradient.
///
/// The kernel adds the rows in order.
package func columnSum(
  of x: FloatView, rows: Int, columns: Int, to result: FloatView
) -> some Kernel {
  let (x, result) = (x.checked(rows * columns), result.checked(columns))
  return PreparedLoop {
    var column = 0
    while column &+ 8 <= columns {
      var sum = SIMD8<Float>(repeating: 0)
      for row in 0..<rows { sum += x.load8(row &* columns &+ column) }
      result.store(sum, column)
      column &+= 8
    }
    while column < columns {
      var sum: Float = 0
      for row in 0..<rows { sum += x[row &* columns &+ column] }
      result[column] = sum
      column &+= 1
    }
  }
}

/// sum[0] = Σ x² in double precision, the part of one tile in the norm of a gradient.
package func squareSum(of x: FloatView, to sum: DoubleView) -> some Kernel {
  let sum = sum.checked(1)
  return PreparedLoop {
    // With four sums an addition need not wait for the addition before it.
    var sums = SIMD4<Double>(repeating: 0)
    var index = 0
    while index + 4 <= x.count {
      let values = SIMD4<Double>(x.load4(index))
      sums += values * values
      index += 4
    }
    var total = sums.pairwiseSum
    while index < x.count {
      total += Double(x[index]) * Double(x[index])
      index += 1
    }
    sum[0] = total
  }
}

/// result = x.
package func copy(_ x: FloatView, to result: FloatView, count: Int) -> some Kernel {
  let (x, result) = (x.checked(count), result.checked(count))
  return PreparedLoop { result.copy(count, of: x, from: 0, to: 0) }
}

/// Sets every element of `result` to `value`.
package func fill(_ result: FloatView, with value: Float) -> some Kernel {
  PreparedLoop { result.fill(with: value) }
}

/// statistics = [Σ x, examples], which a top adds to the loss or to a metric.
///
/// The sum is in double precision.
package func topSum(of x: FloatView, statistics: DoubleView, examples: Int) -> some Kernel {
  let statistics = statistics.checked(TopSum.statisticCount)
  return PreparedLoop {
    var sum = 0.0
    for index in 0..<x.count { sum += Double(x[index]) }
    statistics[0] = sum
    statistics[1] = Double(examples)
  }
}
