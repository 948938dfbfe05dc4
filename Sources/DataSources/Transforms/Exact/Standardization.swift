package import DataFiles
internal import Tensors

/// Standardizes every input to mean 0 and standard deviation 1: y = (x − mean) / deviation.
///
/// Each input has its own mean and population standard deviation. Every value of an image is one
/// input, unless all values of a channel share their statistics. Several input tensors follow each
/// other in the order of the data. These statistics come from the training part, in double precision.
/// The same statistics transform all other parts and predictions.
///
/// An input that is constant in training has deviation 1, so that it is only shifted. The index of
/// a category has mean 0 and deviation 1, so that it stays as it is.
/// Standardization comes after ``InputScaling``. The values are not rounded between the two.
///
/// With `standardize_target`, targets of values have statistics of their own. Losses compare
/// standardized values. Metrics and predictions return to the unit of the target.
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
  ///   - group: the values that share their statistics.
  ///   - rows: the used examples. Nil means all.
  package init(
    of dataset: Dataset, after scaling: InputScaling? = nil, per group: Standardize.Group = .value,
    rows: [Bool]? = nil
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
      let shared = moments.shared(by: group, in: tensor.top)
      means += shared.means
      deviations += shared.deviations
    }
    (mean, deviation) = (means, deviations)
  }

  /// Computes the statistics of inputs after the transforms of a test.
  ///
  /// - Parameters:
  ///   - dataset: the examples, with the transforms that come before.
  ///   - names: the inputs to standardize.
  ///   - rows: the used examples. Nil means all.
  init(
    transformed dataset: Dataset, _ names: [String], per group: Standardize.Group, rows: [Bool]?
  ) throws(DataFailure) {
    let tops = dataset.tops.filter { names.contains($0.name) }
    var loader = ExampleLoader(dataset, names, isTraining: false)
    var moments = tops.map { RunningMoments(width: $0.width) }
    for example in 0..<dataset.count where rows?[example] ?? true {
      try loader.load(example, epoch: 0)
      for (index, top) in tops.enumerated() {
        loader.withValues(of: top.name) { moments[index].add($0) }
      }
    }
    let shared = zip(moments, tops).map { $0.moments.shared(by: group, in: $1) }
    (mean, deviation) = (shared.flatMap(\.means), shared.flatMap(\.deviations))
  }

  /// Returns the statistics of some inputs.
  func part(_ range: Range<Int>) -> Standardization {
    precondition(range.upperBound <= mean.count, "a mean and a deviation belong to each input")
    return Standardization(mean: Array(mean[range]), deviation: Array(deviation[range]))
  }

  /// Sums of the differences from the first example.
  private struct RunningMoments {
    private var first: [Double]
    private var sums: [Double]
    private var squares: [Double]
    private var count = 0

    init(width: Int) {
      first = Array(repeating: 0, count: width)
      (sums, squares) = (first, first)
    }

    mutating func add(_ values: Span<Float>) {
      if count == 0 { for index in values.indices { first[index] = Double(values[index]) } }
      count += 1
      for index in values.indices {
        let difference = Double(values[index]) - first[index]
        sums[index] += difference
        squares[index] += difference * difference
      }
    }

    var moments: Moments {
      let count = Double(max(1, count))
      let offsets = sums.map { $0 / count }
      return Moments(
        means: zip(first, offsets).map { $0 + $1 },
        deviations: zip(squares, offsets).map { max(0, $0 / count - $1 * $1).squareRoot() })
    }
  }

  /// The statistics of one input.
  struct Moments {
    let means: [Double]
    /// The deviations. 0 for a constant input.
    let deviations: [Double]

    init(means: [Double], deviations: [Double]) {
      self.means = means
      self.deviations = deviations
    }

    /// Returns the statistics with which inputs are standardized: those of all values of a channel if
    /// the channel shares them, the deviation 1 for a constant input, and no change for the index
    /// of a category.
    func shared(by group: Standardize.Group, in top: DataTop) -> Moments {
      let channels = top.shape.rank == 0 ? 1 : top.shape[0]
      let width = group == .channel ? max(1, means.count / max(1, channels)) : 1
      var (allMeans, allDeviations): ([Double], [Double]) = ([], [])
      for start in stride(from: 0, to: means.count, by: width) {
        let range = start..<start + width
        // The mean of one value is the value itself, without a rounding.
        let mean = width == 1 ? means[start] : means[range].reduce(0, +) / Double(width)
        let variance = range.reduce(0.0) { sum, index in
          let distance = means[index] - mean
          return sum + deviations[index] * deviations[index] + distance * distance
        }
        let deviation = width == 1 ? deviations[start] : (variance / Double(width)).squareRoot()
        guard !range.contains(where: top.isCategory) else {
          allMeans += Array(repeating: 0, count: width)
          allDeviations += Array(repeating: 1, count: width)
          continue
        }
        allMeans += Array(repeating: mean, count: width)
        allDeviations += Array(repeating: deviation > 0 ? deviation : 1, count: width)
      }
      return Moments(means: allMeans, deviations: allDeviations)
    }

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
      deviations = squares.map { ($0 / Double(count)).squareRoot() }
    }
  }
}
