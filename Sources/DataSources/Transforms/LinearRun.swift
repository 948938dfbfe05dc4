internal import DataFiles

/// Several linear transforms in a row, for the values of one input.
package struct LinearRun: Sendable {
  /// One operation on all values of an example. A list has one number for each group of neighbours.
  package enum Step: Sendable, Equatable {
    case subtract([Double])
    case multiply(Double)
    case divide([Double])
  }

  private(set) var steps: [Step] = []

  init(_ steps: [Step] = []) { self.steps = steps }

  mutating func append(_ more: [Step]) { steps += more }

  /// Computes the values in double precision, and rounds each once.
  ///
  /// - Parameter numbers: memory that is kept for the next example.
  func apply(_ values: inout ExampleValues, _ numbers: inout [Double]) {
    let count = values.count
    if numbers.count < count { numbers = [Double](repeating: 0, count: count) }
    do {
      // A span: a captured array would be checked for other owners at every element.
      var span = numbers.mutableSpan
      values.withValues { values in
        for index in 0..<count { span[index] = Double(values[index]) }
      }
    }
    finish(&values, &numbers)
  }

  /// Computes the values from numbers, and rounds each once.
  ///
  /// - Parameter numbers: as many numbers as values at its start. They are changed.
  func finish(_ values: inout ExampleValues, _ numbers: inout [Double]) {
    let count = values.count
    var span = numbers.mutableSpan
    for step in steps {
      switch step {
      case .multiply(let factor):
        for index in 0..<count { span[index] *= factor }
      case .subtract(let offsets):
        LinearRun.forEachGroup(offsets, count) { offset, range in
          for index in range { span[index] -= offset }
        }
      case .divide(let divisors):
        LinearRun.forEachGroup(divisors, count) { divisor, range in
          for index in range { span[index] /= divisor }
        }
      }
    }
    values.withMutableValues { values in
      for index in 0..<count { values[index] = Float(span[index]) }
    }
  }

  private static func forEachGroup(
    _ figures: [Double], _ count: Int, _ body: (Double, Range<Int>) -> Void
  ) {
    guard !figures.isEmpty else { return }
    let group = count / figures.count
    for (index, figure) in figures.enumerated() {
      body(figure, index * group..<(index + 1) * group)
    }
  }
}
