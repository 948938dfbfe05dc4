package import Kernels

/// statistics = (Σ (x − y)² / 2, number of examples), in double precision.
package func squaredError(
  _ x: FloatView, _ y: FloatView, statistics: DoubleView, examples: Int, width: Int
) -> some Kernel {
  let (x, y) = (x.checked(examples * width), y.checked(examples * width))
  let statistics = statistics.checked(2)
  return PreparedLoop {
    var total = 0.0
    for index in 0..<examples * width {
      let difference = Double(x[index]) - Double(y[index])
      total += difference * difference
    }
    statistics[0] = total / 2
    statistics[1] = Double(examples)
  }
}

/// dx = (x − y) · weight / normalizer, with the normalizer of the whole batch.
///
/// - Parameter statistics: the statistics of ``squaredError`` of all slices together.
package func squaredErrorGradient(
  _ x: FloatView, _ y: FloatView, statistics: DoubleView, to dx: FloatView, weight: Double,
  count: Int
) -> some Kernel {
  let (x, y, dx) = (x.checked(count), y.checked(count), dx.checked(count))
  let statistics = statistics.checked(2)
  return PreparedLoop {
    let scale = Float(weight / max(statistics[1], 1))
    for index in 0..<count { dx[index] = (x[index] - y[index]) * scale }
  }
}
