package import DataFiles
internal import Tensors

/// Standardizes every input to mean 0 and standard deviation 1: y = (x − mean) / deviation.
///
/// Each input has its own mean and population standard deviation, and every value of an image is
/// one input. Several input tensors follow each other in the order of the data. These statistics come from the training part. They are computed from the numbers of
/// the file, in double precision. The same statistics transform all other parts and predictions.
///
/// An input that is constant in training has deviation 1, so that it is only shifted. Targets are
/// unchanged. Standardization comes after ``InputScaling``. The values are not rounded between the
/// two.
package struct Standardization: Equatable, Sendable {
  package let mean: [Double]
  package let deviation: [Double]

  /// Uses known statistics. The counts must agree, and each deviation must be positive.
  package init(mean: [Double], deviation: [Double]) {
    precondition(mean.count == deviation.count, "a mean and a deviation belong to each input")
    self.mean = mean
    self.deviation = deviation
  }

  /// Computes the statistics of `dataset`, which must not be empty.
  ///
  /// - Parameters:
  ///   - scaling: the scaling that comes before.
  ///   - rows: the used examples. Nil means all.
  package init(
    of dataset: Dataset, after scaling: InputScaling? = nil, rows: [Bool]? = nil
  ) throws(DataFailure) {
    let used = rows.map { $0.count { $0 } } ?? dataset.count
    precondition(used > 0, "the mean of no examples is undefined")
    let transform = InputTransform(scaling, nil)
    var (means, deviations): ([Double], [Double]) = ([], [])
    for tensor in dataset.inputs {
      let figures = try transform?.figures(of: tensor.top, first: means.count)
      let moments = try Moments(of: tensor, count: used) { body throws(DataFailure) in
        try tensor.readExact { values, example, column, followsExamples in
          values.forEachPlace(example, column, followsExamples) { value, example, column in
            guard rows?[example] ?? true else { return }
            body(figures?.scaled(value, column) ?? value, column)
          }
          return true
        }
      }
      means += moments.means
      deviations += moments.deviations
    }
    (mean, deviation) = (means, deviations)
  }

  /// The statistics of one input.
  private struct Moments {
    let means: [Double]
    let deviations: [Double]

    /// - Parameters:
    ///   - count: the number of examples.
    ///   - read: calls its argument with each value and its column. It is called twice.
    init(
      of tensor: ExampleTensor, count: Int,
      _ read: ((_ value: Double, _ column: Int) -> Void) throws(DataFailure) -> Void
    ) throws(DataFailure) {
      // Sums the differences from the first example, which is exact for a constant input.
      var first = [Double?](repeating: nil, count: tensor.width)
      var sums = [Double](repeating: 0, count: tensor.width)
      try read { value, column in
        if let start = first[column] {
          sums[column] += value - start
        } else {
          first[column] = value
        }
      }
      let means = zip(first, sums).map { ($0 ?? 0) + $1 / Double(count) }
      var squares = [Double](repeating: 0, count: tensor.width)
      try read { value, column in
        let difference = value - means[column]
        squares[column] += difference * difference
      }
      self.means = means
      deviations = squares.map {
        let deviation = ($0 / Double(count)).squareRoot()
        return deviation > 0 ? deviation : 1
      }
    }
  }
}
