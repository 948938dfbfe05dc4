internal import Tensors
internal import YAML

/// Shifts and scales every input by stated numbers: y = scale·(x − mean).
///
/// - mean: one number, or one a channel, which is the first axis of an example.
///
/// In Caffe's order: the mean is subtracted before the factor is applied. Computed in double
/// precision and rounded once. It comes before standardization, and holds for train and test data
/// and for what is predicted later.
package struct InputScaling: Equatable, Sendable {
  package let mean: [Double]
  package let scale: Double

  /// Nil where nothing would change.
  package init?(mean: [Double]?, scale: Double?) {
    guard mean?.contains(where: { $0 != 0 }) ?? false || (scale ?? 1) != 1 else { return nil }
    self.mean = mean ?? [0]
    self.scale = scale ?? 1
  }

  /// Why examples of `shape` cannot have that many means; nil where they can.
  static func mistake(mean: [Double]?, for shape: Shape) -> String? {
    let channels = shape.rank == 0 ? 1 : shape[0]
    guard let mean, mean.count != 1, mean.count != channels else { return nil }
    let expected =
      channels == 1 ? "1 number" : "1 number or \(channels), one a channel (the first axis)"
    return "mean: expected \(expected) of \(shape.description), received \(mean.count)"
  }

  /// Scales the examples of `dataset` in place, whose memory nobody else reads yet.
  ///
  /// - Throws: a failure where a result is too large for single precision, or there are other
  ///   channels than means.
  package func apply(to dataset: Dataset) throws(DataFailure) {
    let width = dataset.inputShape.count
    guard width % mean.count == 0 else {
      throw .content("mean: expected as many as channels, received \(mean.count)")
    }
    let group = width / mean.count
    let buffer = unsafe dataset.inputs.buffer
    var values = unsafe buffer.mutableSpan
    for start in stride(from: 0, to: values.count, by: group) {
      let mean = mean[start / group % mean.count]
      for index in start..<start + group {
        let value = values[index]
        let result = Float((Double(value) - mean) * scale)
        guard result.isFinite else {
          throw .content(
            "scale: example \(index / width), input '\(dataset.inputName(index % width))': "
              + "expected a value that stays below \(Float.greatestFiniteMagnitude) in size, "
              + "received \(value)")
        }
        values[index] = result
      }
    }
  }

  /// The value that became `value`.
  package func original(_ value: Double, input: Int, of width: Int) -> Double {
    value / scale + mean[input / max(1, width / mean.count) % mean.count]
  }
}
