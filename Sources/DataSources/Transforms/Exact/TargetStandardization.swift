internal import DataFiles
internal import Tensors
internal import YAML

extension Standardization {
  /// Computes the statistics of all targets of values, which follow each other in the order of the
  /// data.
  ///
  /// - Parameter rows: the used examples, at least one. Nil means all.
  init(ofTargets dataset: Dataset, rows: [Bool]?) throws(DataFailure) {
    let used = rows.map { $0.count { $0 } } ?? dataset.count
    var (means, deviations): ([Double], [Double]) = ([], [])
    for tensor in dataset.targets where !tensor.top.hasClasses {
      let moments = try Moments(of: tensor, count: used) { body throws(DataFailure) in
        try tensor.readExact { values, example, column, followsExamples in
          values.forEachPlace(example, column, followsExamples) { value, example, column in
            guard rows?[example] ?? true else { return }
            body(value, column)
          }
          return true
        }
      }
      let shared = moments.shared(by: .value, in: tensor.top)
      means += shared.means
      deviations += shared.deviations
    }
    self.init(mean: means, deviation: deviations)
  }

  /// Returns the statistics of `count` values from the place `first`.
  package func slice(from first: Int, count: Int) -> Standardization {
    Standardization(
      mean: Array(mean.dropFirst(first).prefix(count)),
      deviation: Array(deviation.dropFirst(first).prefix(count)))
  }

  /// Returns values of whole examples in the unit before the standardization: x·deviation + mean,
  /// in double precision and rounded once.
  package func original(_ values: [Float]) -> [Float] {
    let width = max(1, mean.count)
    return values.enumerated().map { place, value in
      let column = place % width
      return Float(Double(value) * deviation[column] + mean[column])
    }
  }
}

extension Dataset {
  /// Standardizes the targets of values in double precision, and rounds each result once. Each
  /// target keeps its statistics as its unit.
  ///
  /// This changes the targets in their own memory. Therefore the caller must be their only user.
  ///
  /// - Parameters:
  ///   - rows: the used examples. Results of other examples may be too large. Nil means all.
  ///   - phase: the part that a failure names.
  /// - Throws: a failure when a result is too large for float32.
  func standardizingTargets(
    _ statistics: Standardization, rows: [Bool]?, of phase: DataPhase
  ) throws(DataFailure) -> Dataset {
    var first = 0
    var tensors: [ExampleTensor] = []
    for tensor in self.tensors {
      guard tensor.top.isTarget, !tensor.top.hasClasses else {
        tensors.append(tensor)
        continue
      }
      let unit = statistics.slice(from: first, count: tensor.width)
      first += tensor.width
      tensors.append(try standardized(tensor, unit, rows, phase))
    }
    return with(tensors)
  }

  private func standardized(
    _ tensor: ExampleTensor, _ unit: Standardization, _ rows: [Bool]?, _ phase: DataPhase
  ) throws(DataFailure) -> ExampleTensor {
    let storage = try tensor.storage.floats()
    let width = tensor.width
    let buffer = unsafe storage.buffer
    var results = unsafe buffer.mutableSpan
    var failure: (value: Double, example: Int, column: Int)?
    try tensor.readExact { values, example, column, followsExamples in
      values.forEachPlace(example, column, followsExamples) { value, example, column in
        let result = Float((value - unit.mean[column]) / unit.deviation[column])
        results[example * width + column] = result
        if !result.isFinite, failure == nil, rows?[example] ?? true {
          failure = (value, example, column)
        }
      }
      return failure == nil
    }
    if let failure {
      throw .field(
        "standardize_target",
        message: "standardize_target: example \(failure.example), target "
          + "'\(tensor.top.valueName(failure.column).quotable)': expected a value near the training "
          + "part's (mean \(unit.mean[failure.column]), deviation "
          + "\(unit.deviation[failure.column])), received \(failure.value)", of: phase)
    }
    return ExampleTensor(tensor.top.standardized, .floats(storage), unit: unit)
  }

  /// Returns a remark for each target that has one value in the used examples.
  func constantTargets(rows: [Bool]?) throws(DataFailure) -> [DataRemark] {
    var remarks: [DataRemark] = []
    for tensor in targets where !tensor.top.hasClasses {
      var first = [Double?](repeating: nil, count: tensor.width)
      var varies = [Bool](repeating: false, count: tensor.width)
      try tensor.readExact { values, example, column, followsExamples in
        values.forEachPlace(example, column, followsExamples) { value, example, column in
          guard rows?[example] ?? true else { return }
          if let known = first[column] {
            varies[column] = varies[column] || known != value
          } else {
            first[column] = value
          }
        }
        return true
      }
      for column in 0..<tensor.width where !varies[column] {
        remarks.append(
          DataRemark(
            .constantTarget, fields: ["standardize_target", "target", "targets"],
            "target '\(tensor.top.valueName(column).quotable)' has one value, "
              + "\(first[column] ?? 0), in the training part: it is shifted to 0, and there is nothing "
              + "to learn"))
      }
    }
    return remarks
  }
}
