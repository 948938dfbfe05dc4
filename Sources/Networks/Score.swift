package import Layers
package import Plans

/// A loss or metric that a plan computes.
package struct Score: Sendable {
  /// The name of the score's top.
  package let name: String
  /// The factor in the objective. Nil for a metric.
  package let lossWeight: Double?
  /// Whether greater values of a metric are better. Nil for a loss, and when it is unknown.
  package let isBetterWhenGreater: Bool?
  /// The sums over the batch's examples, from which the score is computed.
  package let statistics: Slot
  /// Adds the statistics of a batch to the statistics of earlier batches.
  package let join: @Sendable ([Double], inout [Double]) -> Void
  /// Computes the score from the statistics of one or more batches.
  package let value: @Sendable ([Double]) -> Double
  /// Makes a table of further results, such as a confusion matrix, from the statistics and class
  /// names.
  package var table: @Sendable ([Double], [String]) -> ScoreTable? = { _, _ in nil }

  package var isLoss: Bool { lossWeight != nil }
}
