/// A policy whose rate follows a measured metric instead of the iteration.
package protocol MeasuredPolicy: LearningRatePolicy {
  /// The metric's column of the history, such as `loss` or `test_accuracy`.
  var metric: String { get }

  /// Updates the rate after a test that measured `value`.
  func observe(_ value: Double, isBetterWhenGreater: Bool, _ rate: inout MeasuredRate)
}
