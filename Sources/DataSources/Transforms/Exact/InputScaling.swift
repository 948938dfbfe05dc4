internal import Tensors

/// Shifts and scales every input by stated numbers: y = scale·(x − mean).
///
/// - mean: one number, or one for each channel, which is the first axis of an example.
///
/// As in Caffe, the mean is subtracted before the scaling. ``InputTransform`` computes the result
/// in double precision and rounds once. The scaling comes before standardization. It applies to
/// train, test and prediction.
package struct InputScaling: Equatable, Sendable {
  package let mean: [Double]
  package let scale: Double

  /// Makes a scaling. Nil when it would change nothing.
  package init?(mean: [Double]?, scale: Double?) {
    guard mean?.contains(where: { $0 != 0 }) ?? false || (scale ?? 1) != 1 else { return nil }
    self.mean = mean ?? [0]
    self.scale = scale ?? 1
  }

  /// Returns the reason why examples of `shape` cannot have this number of means. Nil when they
  /// can.
  static func mistake(mean: [Double]?, for shape: Shape) -> String? {
    let channels = shape.rank == 0 ? 1 : shape[0]
    guard let mean, mean.count != 1, mean.count != channels else { return nil }
    let expected =
      channels == 1
      ? "1 number" : "1 number or \(channels), one for each channel (the first axis)"
    return "mean: expected \(expected) of \(shape.description), received \(mean.count)"
  }

  /// Returns the value before the scaling.
  package func original(_ value: Double, input: Int, of width: Int) -> Double {
    value / scale + mean[input / max(1, width / mean.count) % mean.count]
  }
}
