internal import Tensors

/// Shifts and scales every input to mean 0 and deviation 1: y = (x − mean) / deviation.
///
/// Mean and (population) deviation are the training part's, one each an input. They are computed
/// and kept in double precision, from the numbers of the file. Every other part, and what is
/// predicted later, is transformed by the same figures. An input that never varies in training has
/// deviation 1, so that it is only shifted. Every value of an image is an input of its own. Targets
/// stay. It comes after ``InputScaling``, without a rounding between.
package struct Standardization: Equatable, Sendable {
  package let mean: [Double]
  package let deviation: [Double]

  /// Figures computed before; as many means as deviations, each deviation above 0.
  package init(mean: [Double], deviation: [Double]) {
    precondition(mean.count == deviation.count, "a mean and a deviation belong to each input")
    self.mean = mean
    self.deviation = deviation
  }

  /// The figures of `dataset`, which is not empty.
  ///
  /// - Parameters:
  ///   - scaling: what is done to the inputs before.
  ///   - rows: the examples that count; nil: all.
  package init(
    of dataset: Dataset, after scaling: InputScaling? = nil, rows: [Bool]? = nil
  ) throws(DataFailure) {
    let width = dataset.inputShape.count
    let used = rows.map { $0.count { $0 } } ?? dataset.count
    precondition(used > 0, "no example has no mean")
    let figures = try InputTransform(scaling, nil)?.figures(width: width)
    func read(_ body: (_ value: Double, _ column: Int) -> Void) throws(DataFailure) {
      try dataset.readInputs { values, example, column, followsExamples in
        values.forEachPlace(example, column, followsExamples) { value, example, column in
          guard rows?[example] ?? true else { return }
          body(figures?.scaled(value, column) ?? value, column)
        }
        return true
      }
    }
    // Sums of differences from the first example: exact where an input never varies.
    var first = [Double?](repeating: nil, count: width)
    var sums = [Double](repeating: 0, count: width)
    try read { value, column in
      if let start = first[column] { sums[column] += value - start } else { first[column] = value }
    }
    let means = zip(first, sums).map { ($0 ?? 0) + $1 / Double(used) }
    var squares = [Double](repeating: 0, count: width)
    try read { value, column in
      let difference = value - means[column]
      squares[column] += difference * difference
    }
    mean = means
    deviation = squares.map {
      let deviation = ($0 / Double(used)).squareRoot()
      return deviation > 0 ? deviation : 1
    }
  }
}
