package import Kernels

/// statistics = (Σ w·(x − y)² / 2, Σ w), in double precision. The weights w are those of the
/// examples; without weights the second sum counts the examples.
package func squaredError(
  _ x: FloatView, _ y: FloatView, statistics: DoubleView, examples: Int, width: Int,
  weights: ExampleWeights = .equal
) -> some Kernel {
  let (x, y) = (x.checked(examples * width), y.checked(examples * width))
  let statistics = statistics.checked(2)
  return PreparedLoop {
    var total = 0.0
    if weights.areGiven {
      for example in 0..<examples {
        var own = 0.0
        for index in example &* width..<(example &+ 1) &* width {
          let difference = Double(x[index]) - Double(y[index])
          own += difference * difference
        }
        total += weights[example] * own
      }
    } else {
      for index in 0..<examples * width {
        let difference = Double(x[index]) - Double(y[index])
        total += difference * difference
      }
    }
    statistics[0] = total / 2
    statistics[1] = weights.sum(examples: examples)
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
    let scale = Float(weight / (statistics[1] > 0 ? statistics[1] : 1))
    for index in 0..<count { dx[index] = (x[index] - y[index]) * scale }
  }
}
