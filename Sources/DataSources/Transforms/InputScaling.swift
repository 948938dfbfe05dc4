internal import Tensors

/// Shifts and scales every input by stated numbers: y = scale·(x − mean).
///
/// - mean: one number, or one a channel, which is the first axis of an example.
///
/// In Caffe's order: the mean is subtracted before the factor is applied. ``InputTransform`` does
/// it in double precision and rounds once. It comes before standardization, and holds for train
/// and test data and for what is predicted later.
package struct InputScaling: Equatable, Sendable {
  package let mean: [Double]
  package let scale: Double

  /// Nil if nothing would change.
  package init?(mean: [Double]?, scale: Double?) {
    guard mean?.contains(where: { $0 != 0 }) ?? false || (scale ?? 1) != 1 else { return nil }
    self.mean = mean ?? [0]
    self.scale = scale ?? 1
  }

  /// Why examples of `shape` cannot have that many means; nil if they can.
  static func mistake(mean: [Double]?, for shape: Shape) -> String? {
    let channels = shape.rank == 0 ? 1 : shape[0]
    guard let mean, mean.count != 1, mean.count != channels else { return nil }
    let expected =
      channels == 1 ? "1 number" : "1 number or \(channels), one a channel (the first axis)"
    return "mean: expected \(expected) of \(shape.description), received \(mean.count)"
  }

  /// The value that became `value`.
  package func original(_ value: Double, input: Int, of width: Int) -> Double {
    value / scale + mean[input / max(1, width / mean.count) % mean.count]
  }
}
