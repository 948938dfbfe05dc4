package import DataFiles
internal import Tensors
internal import YAML

/// Scales and standardizes inputs in double precision, and rounds each result once.
///
/// y = (scale·(x − mean) − m) / d, with the stated mean and scale of ``InputScaling`` and the
/// statistics m and d of ``Standardization``. The numbers x come from the file. The mean is
/// subtracted before an integer or decimal is rounded to float32.
///
/// Stored bytes remain bytes, and their ``ByteValues`` become the results. They are converted to
/// float32 numbers only if the table of results would be larger than the bytes and than 16 KiB.
package struct InputTransform: Sendable {
  private let scaling: InputScaling?
  private let standardization: Standardization?

  /// Makes a transform. Nil when it would change nothing.
  package init?(_ scaling: InputScaling?, _ standardization: Standardization?) {
    guard scaling != nil || standardization != nil else { return nil }
    self.scaling = scaling
    self.standardization = standardization
  }

  /// Returns the coefficients of each value of an input.
  ///
  /// - Parameter first: the number of values in the inputs before this one.
  /// - Throws: a failure when the number of channels does not match the number of means.
  func figures(of top: DataTop, first: Int) throws(DataFailure) -> Figures {
    let means = scaling?.mean ?? [0]
    let width = top.width
    guard width % means.count == 0 else {
      throw .content("mean: expected as many as channels, received \(means.count)")
    }
    let group = max(1, width / means.count)
    precondition(
      standardization.map { $0.mean.count >= first + width } ?? true,
      "a mean and a deviation belong to each input")
    return Figures(
      offsets: (0..<width).map { means[$0 / group % means.count] }, scale: scaling?.scale ?? 1,
      means: (0..<width).map { standardization?.mean[first + $0] ?? 0 },
      deviations: (0..<width).map { standardization?.deviation[first + $0] ?? 1 },
      groupCount: standardization == nil ? means.count : width)
  }

  /// The coefficients of the transform for each value of an input.
  struct Figures {
    fileprivate let offsets: [Double]
    fileprivate let scale: Double
    fileprivate let means: [Double]
    fileprivate let deviations: [Double]
    /// The number of groups of neighbours with equal coefficients.
    fileprivate let groupCount: Int

    @inline(__always)
    func scaled(_ value: Double, _ column: Int) -> Double { (value - offsets[column]) * scale }

    @inline(__always)
    func result(_ value: Double, _ column: Int) -> Double {
      (scaled(value, column) - means[column]) / deviations[column]
    }
  }

  /// Transforms the inputs of `dataset`, float32 numbers in their own memory.
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
    var first = 0
    var tensors: [ExampleTensor] = []
    for tensor in dataset.tensors {
      guard !tensor.top.isTarget else {
        tensors.append(tensor.settled())
        continue
      }
      let figures = try figures(of: tensor.top, first: first)
      first += tensor.width
      let storage = try transformed(tensor, figures, rows, phase)
      tensors.append(ExampleTensor(tensor.top, storage))
    }
    return dataset.with(tensors)
  }

  /// Returns the bytes of a tensor with other values. Nil when the tensor has no bytes, or when
  /// they must become numbers.
  private func bytes(of tensor: ExampleTensor, _ figures: Figures) -> ExampleStorage? {
    guard case .bytes(let bytes, let before) = tensor.storage, before.groupCount == 1,
      figures.groupCount * 256 * MemoryLayout<Float>.size <= max(bytes.count, 1 << 14),
      tensor.width > 0
    else { return nil }
    let group = tensor.width / figures.groupCount
    let values = ByteValues(width: tensor.width, groups: figures.groupCount) {
      Float(figures.result(Double(before[$0, at: 0]), $1 * group))
    }
    // The walk over single numbers reports a result that is too large.
    guard let values, values.isFinite else { return nil }
    return .bytes(bytes, values)
  }

  private func transformed(
    _ tensor: ExampleTensor, _ figures: Figures, _ rows: [Bool]?, _ phase: DataPhase?
  ) throws(DataFailure) -> ExampleStorage {
    if let bytes = bytes(of: tensor, figures) { return bytes }
    let storage = try tensor.storage.floats()
    let width = tensor.width
    let buffer = unsafe storage.buffer
    var results = unsafe buffer.mutableSpan
    var failure: (value: Double, example: Int, column: Int)?
    try tensor.readExact { values, example, column, followsExamples in
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
      throw refusal(failure.value, failure.example, failure.column, tensor.top, figures, phase)
    }
    return .floats(storage)
  }

  private func refusal(
    _ value: Double, _ example: Int, _ column: Int, _ top: DataTop, _ figures: Figures,
    _ phase: DataPhase?
  ) -> DataFailure {
    let place = "example \(example), input '\(top.valueName(column).quotable)'"
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
