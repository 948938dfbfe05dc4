package import Kernels

/// The number of statistics of ``varianceSums`` for a target of `width` columns.
package func varianceSumCount(width: Int) -> Int { 2 + 2 * width }

/// What R² is made of, in double precision, over a slice's examples.
///
/// statistics = (number of examples, Σ (x − y)², then mean and Σ (y − mean)² of each of the target's columns). The mean
/// comes from differences from the first target: it is exact if all targets of a column are equal.
package func varianceSums(
  _ x: FloatView, _ y: FloatView, statistics: DoubleView, examples: Int, width: Int
) -> some Kernel {
  let (x, y) = (x.checked(examples * width), y.checked(examples * width))
  let statistics = statistics.checked(varianceSumCount(width: width))
  return PreparedLoop {
    statistics.fill(with: 0)
    guard examples > 0 else { return }
    statistics[0] = Double(examples)
    for example in 0..<examples {
      for column in 0..<width {
        let target = Double(y[example &* width &+ column])
        let difference = Double(x[example &* width &+ column]) - target
        statistics[1] += difference * difference
        statistics[2 &+ 2 &* column] += target - Double(y[column])
      }
    }
    for column in 0..<width {
      statistics[2 &+ 2 &* column] =
        Double(y[column]) + statistics[2 &+ 2 &* column] / Double(examples)
    }
    for example in 0..<examples {
      for column in 0..<width {
        let target = Double(y[example &* width &+ column])
        let distance = target - statistics[2 &+ 2 &* column]
        statistics[3 &+ 2 &* column] += distance * distance
      }
    }
  }
}

/// The statistics of ``varianceSums`` over several slices, joined in their order.
package func joinedVarianceSums(of parts: [DoubleView], to result: DoubleView) -> some Kernel {
  let parts = parts.map { $0.checked(result.count) }
  return PreparedLoop {
    for place in 0..<2 {
      var sum = 0.0
      for part in parts { sum += part[place] }
      result[place] = sum
    }
    for column in stride(from: 2, to: result.count, by: 2) {
      var moments = Moments()
      for part in parts {
        moments.join(count: part[0], mean: part[column], squares: part[column &+ 1])
      }
      result[column] = moments.mean
      result[column &+ 1] = moments.squares
    }
  }
}
