internal import Tensors

/// Shifts and scales every input to mean 0 and deviation 1: y = (x − mean) / deviation.
///
/// Mean and (population) deviation are the training part's, one each an input, computed in double
/// precision; every other part, and what is predicted later, is transformed by the same figures. An
/// input that never varies in training has deviation 1, so that it is only shifted. Every value of
/// an image is an input of its own. Targets stay. It comes after ``InputScaling``.
package struct Standardization: Equatable, Sendable {
  package let mean: [Float]
  package let deviation: [Float]

  /// Figures computed before; as many means as deviations, each deviation above 0.
  package init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count, "a mean and a deviation belong to each input")
    self.mean = mean
    self.deviation = deviation
  }

  /// The figures of `dataset`, which is not empty.
  package init(of dataset: Dataset) {
    let width = dataset.inputShape.count
    precondition(dataset.count > 0, "no example has no mean")
    let rows = Double(dataset.count)
    let buffer = unsafe dataset.inputs.buffer
    let values = unsafe Span(_unsafeElements: buffer)
    // Sums of differences from the first example: exact where an input never varies.
    var sums = [Double](repeating: 0, count: width)
    for row in 0..<dataset.count {
      for column in 0..<width {
        sums[column] += Double(values[row * width + column]) - Double(values[column])
      }
    }
    let means = (0..<width).map { Double(values[$0]) + sums[$0] / rows }
    var squares = [Double](repeating: 0, count: width)
    for row in 0..<dataset.count {
      for column in 0..<width {
        let difference = Double(values[row * width + column]) - means[column]
        squares[column] += difference * difference
      }
    }
    mean = means.map { Float($0) }
    deviation = squares.map {
      let deviation = Float(($0 / rows).squareRoot())
      return deviation > 0 ? deviation : 1
    }
  }

  /// The examples of `dataset`, standardized.
  ///
  /// - Throws: a failure where a result is too large for single precision.
  package func apply(to dataset: Dataset) throws(DataFailure) -> Dataset {
    let width = dataset.inputShape.count
    precondition(mean.count == width, "a mean and a deviation belong to each input")
    guard let storage = FloatStorage(count: dataset.inputs.count) else {
      throw .io("standardize: no memory for \(dataset.inputs.count) values")
    }
    let source = unsafe dataset.inputs.buffer
    let values = unsafe Span(_unsafeElements: source)
    let target = unsafe storage.buffer
    var results = unsafe target.mutableSpan
    for row in 0..<dataset.count {
      for column in 0..<width {
        let value = values[row * width + column]
        let result = Float((Double(value) - Double(mean[column])) / Double(deviation[column]))
        guard result.isFinite else {
          throw .content(
            "standardize: example \(row), input '\(dataset.inputName(column))': expected a value "
              + "near the training part's (mean \(mean[column]), deviation \(deviation[column])), "
              + "received \(value)")
        }
        results[row * width + column] = result
      }
    }
    return Dataset(
      count: dataset.count, inputs: storage, targets: dataset.targets,
      inputShape: dataset.inputShape, targetShape: dataset.targetShape, classes: dataset.classes,
      inputNames: dataset.inputNames, targetNames: dataset.targetNames)
  }
}
