/// result[c] = Σ_r x[r, c], x being rows × columns: a bias's gradient. Rows are added in order.
package struct ColumnSum: Kernel {
  private let x: FloatView
  private let result: FloatView
  private let rows: Int
  private let columns: Int

  package init(of x: FloatView, rows: Int, columns: Int, to result: FloatView) {
    self.x = x.checked(rows * columns)
    self.result = result.checked(columns)
    self.rows = rows
    self.columns = columns
  }

  package func run() {
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

/// result = Σ parts, element by element, the parts added in order: gradients of slices, and of a blob with several
/// readers. The result may be the first part.
package struct Sum: Kernel {
  private let parts: [FloatView]
  private let result: FloatView
  private let count: Int

  /// - Parameter parts: not empty.
  package init(of parts: [FloatView], to result: FloatView, count: Int) {
    self.parts = parts.map { $0.checked(count) }
    self.result = result.checked(count)
    self.count = count
  }

  package func run() {
    let first = parts[0]
    for index in 0..<count { result[index] = first[index] }
    for part in parts.dropFirst() {
      for index in 0..<count { result[index] += part[index] }
    }
  }
}

/// result = Σ parts for statistics: sums over examples, in double precision.
package struct StatisticSum: Kernel {
  private let parts: [DoubleView]
  private let result: DoubleView

  package init(of parts: [DoubleView], to result: DoubleView) {
    self.parts = parts.map { $0.checked(result.count) }
    self.result = result
  }

  package func run() {
    for index in 0..<result.count {
      var sum = 0.0
      for part in parts { sum += part[index] }
      result[index] = sum
    }
  }
}

/// sum[0] = Σ x², in double precision: the part of one tile in the norm of a gradient.
package struct SquareSum: Kernel {
  private let x: FloatView
  private let sum: DoubleView

  package init(of x: FloatView, to sum: DoubleView) {
    self.x = x
    self.sum = sum.checked(1)
  }

  package func run() {
    // Four sums of their own, since one would wait for each addition.
    var sums = SIMD4<Double>(repeating: 0)
    var index = 0
    while index + 4 <= x.count {
      let values = SIMD4<Double>(x.load4(index))
      sums += values * values
      index += 4
    }
    var total = sums.sum()
    while index < x.count {
      total += Double(x[index]) * Double(x[index])
      index += 1
    }
    sum[0] = total
  }
}

/// result = x.
package struct Copy: Kernel {
  private let x: FloatView
  private let result: FloatView
  private let count: Int

  package init(_ x: FloatView, to result: FloatView, count: Int) {
    self.x = x.checked(count)
    self.result = result.checked(count)
    self.count = count
  }

  package func run() { result.copy(count, of: x, from: 0, to: 0) }
}

/// Σ x in double precision: what a top with a `loss_weight` adds to the loss, or a metric is the mean of.
package struct TopSum: Kernel {
  /// The sum, and the number of examples that it is of.
  package static let statisticCount = 2

  private let x: FloatView
  private let statistics: DoubleView
  private let examples: Int

  package init(of x: FloatView, statistics: DoubleView, examples: Int) {
    self.x = x
    self.statistics = statistics.checked(TopSum.statisticCount)
    self.examples = examples
  }

  /// The sum of a batch of so many examples, each of which adds the mean over all that were summed.
  package static func value(of statistics: [Double], batch: Int) -> Double {
    statistics[1] == 0 ? 0 : statistics[0] * (Double(batch) / statistics[1])
  }

  /// The mean of all values that were summed, so many an example; NaN of none.
  package static func mean(of statistics: [Double], width: Int) -> Double {
    statistics[0] / (statistics[1] * Double(width))
  }

  /// Adds the statistics of further examples.
  package static func join(_ statistics: [Double], to total: inout [Double]) {
    for place in 0..<statisticCount { total[place] += statistics[place] }
  }

  package func run() {
    var sum = 0.0
    for index in 0..<x.count { sum += Double(x[index]) }
    statistics[0] = sum
    statistics[1] = Double(examples)
  }
}

/// result = value, in every element.
package struct Fill: Kernel {
  private let result: FloatView
  private let value: Float

  package init(_ result: FloatView, with value: Float) {
    self.result = result
    self.value = value
  }

  package func run() { result.fill(with: value) }
}
