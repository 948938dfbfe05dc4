/// statistics = (Σ (x − y)² / 2, number of examples), summed in double precision.
package struct SquaredError: Kernel {
  private let x: FloatView
  private let y: FloatView
  private let statistics: DoubleView
  private let examples: Int
  private let width: Int

  package init(
    _ x: FloatView, _ y: FloatView, statistics: DoubleView, examples: Int, width: Int
  ) {
    self.x = x.checked(examples * width)
    self.y = y.checked(examples * width)
    self.statistics = statistics.checked(2)
    self.examples = examples
    self.width = width
  }

  package func run() {
    var total = 0.0
    for index in 0..<examples * width {
      let difference = Double(x[index]) - Double(y[index])
      total += difference * difference
    }
    statistics[0] = total / 2
    statistics[1] = Double(examples)
  }
}

/// dx = (x − y) · weight / normalizer, the normalizer being the whole batch's.
package struct SquaredErrorGradient: Kernel {
  private let x: FloatView
  private let y: FloatView
  private let statistics: DoubleView
  private let dx: FloatView
  private let weight: Double
  private let count: Int

  /// - Parameter statistics: those of ``SquaredError``, summed over the slices.
  package init(
    _ x: FloatView, _ y: FloatView, statistics: DoubleView, to dx: FloatView, weight: Double,
    count: Int
  ) {
    self.x = x.checked(count)
    self.y = y.checked(count)
    self.statistics = statistics.checked(2)
    self.dx = dx.checked(count)
    self.weight = weight
    self.count = count
  }

  package func run() {
    let scale = Float(weight / max(statistics[1], 1))
    for index in 0..<count { dx[index] = (x[index] - y[index]) * scale }
  }
}
