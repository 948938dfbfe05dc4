package import Layers
package import Plans

/// A number that a plan computes: a loss or a metric.
package struct Score: Sendable {
  /// The name of its top.
  package let name: String
  /// Factor in the sum that is minimised; nil for a metric.
  package let lossWeight: Double?
  /// Of a metric: whether a greater number is a better one.
  package let isBetterWhenGreater: Bool?
  /// What the layer keeps of the batch's examples.
  package let statistics: Slot
  /// Joins the statistics of a batch to those of the batches before.
  package let join: @Sendable ([Double], inout [Double]) -> Void
  /// The number that statistics make, which may be those of several batches.
  package let value: @Sendable ([Double]) -> Double
  /// What they tell beside it, the classes called by name.
  package var table: @Sendable ([Double], [String]) -> ScoreTable? = { _, _ in nil }

  package var isLoss: Bool { lossWeight != nil }
}
