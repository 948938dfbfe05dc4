package import DataFiles
internal import Tensors
internal import YAML

/// Scales and standardizes inputs in double precision, and rounds each result once.
///
/// y = (scale·(x − mean) − m) / d, with the stated mean and scale of ``InputScaling`` and the
/// statistics m and d of ``Standardization``. The numbers x come from the file. The mean is
/// subtracted before an integer or decimal is rounded to float32.
package struct InputTransform: Sendable {
  private let scaling: InputScaling?
  private let standardization: Standardization?

  /// Makes a transform. Nil when it would change nothing.
  package init?(_ scaling: InputScaling?, _ standardization: Standardization?) {
    guard scaling != nil || standardization != nil else { return nil }
    self.scaling = scaling
    self.standardization = standardization
  }

  /// Returns the coefficients of each input, for examples of `width` inputs.
  ///
  /// - Throws: a failure when the number of channels does not match the number of means.
  func figures(width: Int) throws(DataFailure) -> Figures {
    let means = scaling?.mean ?? [0]
    guard width % means.count == 0 else {
      throw .content("mean: expected as many as channels, received \(means.count)")
    }
    let group = max(1, width / means.count)
    precondition(
      standardization.map { $0.mean.count == width } ?? true,
      "a mean and a deviation belong to each input")
    return Figures(
      offsets: (0..<width).map { means[$0 / group % means.count] }, scale: scaling?.scale ?? 1,
      means: standardization?.mean ?? [Double](repeating: 0, count: width),
      deviations: standardization?.deviation ?? [Double](repeating: 1, count: width))
  }

  /// The coefficients of the transform for each input of an example.
  struct Figures {
    fileprivate let offsets: [Double]
    fileprivate let scale: Double
    fileprivate let means: [Double]
    fileprivate let deviations: [Double]

    @inline(__always)
    func scaled(_ value: Double, _ column: Int) -> Double { (value - offsets[column]) * scale }

    @inline(__always)
    func result(_ value: Double, _ column: Int) -> Double {
      (scaled(value, column) - means[column]) / deviations[column]
    }
  }

  /// Transforms the inputs of `dataset` in their own memory.
  ///
  /// This changes the inputs. Therefore the caller must be their only user.
  ///
  /// - Parameters:
  ///   - rows: the used examples. Results of other examples may be too large. Nil means all.
  ///   - phase: the part that a failure names. Nil outside a model file.
  /// - Throws: a failure when a result is too large for float32, or the number of channels does not
  ///   match the number of means.
  package func apply(
    to dataset: Dataset, rows: [Bool]? = nil, of phase: DataPhase? = nil
  ) throws(DataFailure) -> Dataset {
    let width = dataset.inputShape.count
    let figures = try figures(width: width)
    let buffer = unsafe dataset.inputs.buffer
    var results = unsafe buffer.mutableSpan
    var failure: (value: Double, example: Int, column: Int)?
    try dataset.readInputs { values, example, column, followsExamples in
      values.forEachPlace(example, column, followsExamples) { value, example, column in
        let result = Float(figures.result(value, column))
        results[example * width + column] = result
        if !result.isFinite, failure == nil, rows?[example] ?? true {
          failure = (value, example, column)
        }
      }
      return failure == nil
    }
    if let failure {
      throw refusal(failure.value, failure.example, failure.column, dataset, figures, phase)
    }
    return dataset.settled()
  }

  private func refusal(
    _ value: Double, _ example: Int, _ column: Int, _ dataset: Dataset, _ figures: Figures,
    _ phase: DataPhase?
  ) -> DataFailure {
    let place = "example \(example), input '\(dataset.inputName(column).quotable)'"
    let received = Float(value).isFinite ? "\(Float(value))" : "\(value)"
    let isScaling = scaling != nil && !Float(figures.scaled(value, column)).isFinite
    let message =
      isScaling
      ? "scale: \(place): expected a value that stays below \(Float.greatestFiniteMagnitude) in "
        + "size, received \(received)"
      : "standardize: \(place): expected a value near the training part's (mean "
        + "\(figures.means[column]), deviation \(figures.deviations[column])), received \(received)"
    guard let phase else { return .content(message) }
    return .field(isScaling ? "scale" : "standardize", message: message, of: phase)
  }
}
