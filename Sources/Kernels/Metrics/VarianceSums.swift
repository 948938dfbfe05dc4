/// What R² is made of, in double precision, over a slice's examples.
///
/// statistics = (number of examples, Σ (x − y)², then mean and Σ (y − mean)² of each of the target's columns). The mean
/// comes from differences from the first target: it is exact where all targets of a column are equal.
package struct VarianceSums: Kernel {
  private let x: FloatView
  private let y: FloatView
  private let statistics: DoubleView
  private let examples: Int
  private let width: Int

  /// How many statistics there are of so many columns.
  package static func count(width: Int) -> Int { 2 + 2 * width }

  package init(
    _ x: FloatView, _ y: FloatView, statistics: DoubleView, examples: Int, width: Int
  ) {
    self.x = x.checked(examples * width)
    self.y = y.checked(examples * width)
    self.statistics = statistics.checked(VarianceSums.count(width: width))
    self.examples = examples
    self.width = width
  }

  package func run() {
    statistics.fill(with: 0)
    guard examples > 0 else { return }
    statistics[0] = Double(examples)
    sumDifferences()
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

  /// Σ (x − y)², and for each column the sum of the differences from its first target.
  private func sumDifferences() {
    for example in 0..<examples {
      for column in 0..<width {
        let target = Double(y[example &* width &+ column])
        let difference = Double(x[example &* width &+ column]) - target
        statistics[1] += difference * difference
        statistics[2 &+ 2 &* column] += target - Double(y[column])
      }
    }
  }
}

/// The statistics of ``VarianceSums`` over several slices, joined in their order.
package struct VarianceMerge: Kernel {
  private let parts: [DoubleView]
  private let result: DoubleView

  package init(of parts: [DoubleView], to result: DoubleView) {
    self.parts = parts.map { $0.checked(result.count) }
    self.result = result
  }

  package func run() {
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
