/// The progress of a training, as a progress line shows it.
package struct TrainingProgress: Sendable {
  package let iteration: Int
  package let iterationCount: Int
  package let epoch: Int
  package let loss: Double
  /// The values of the last test. Nil before the first test.
  package let test: [Double]?
  /// Whether a test followed this iteration.
  package let isTested: Bool
  /// Whether the test after this iteration is the best so far.
  package let isBest: Bool
  /// Whether a checkpoint is due.
  package let isSnapshotDue: Bool
}
