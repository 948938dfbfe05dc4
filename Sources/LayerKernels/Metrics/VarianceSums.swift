package import Kernels

/// Returns the number of statistics of ``varianceSums`` for a target of `width` columns.
package func varianceSumCount(width: Int) -> Int { 2 + 2 * width }

/// The sums of R² over a slice's examples, in double precision.
///
/// statistics = (number of examples, Σ (x − y)²), then mean and Σ (y − mean)² of each column of the
/// target. The kernel takes the mean of differences from the first target. It is exact if all
/// targets of a column are equal.
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

/// Joins the statistics of ``varianceSums`` of several slices, in the order of `SliceTree`.
package func joinedVarianceSums(of parts: [DoubleView], to result: DoubleView) -> some Kernel {
  let parts = parts.map { $0.checked(result.count) }
  return PreparedLoop {
    for place in 0..<2 {
      result[place] = SliceTree.joined(0..<parts.count, { parts[$0][place] }, +)
    }
    for column in stride(from: 2, to: result.count, by: 2) {
      let moments = Moments.joined(slices: parts.count) { slice in
        let part = parts[slice]
        return Moments(count: part[0], mean: part[column], squares: part[column &+ 1])
      }
      result[column] = moments.mean
      result[column &+ 1] = moments.squares
    }
  }
}
