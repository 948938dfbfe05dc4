/// How far a training is: what a progress line shows.
package struct TrainingProgress: Sendable {
  package let iteration: Int
  package let iterationCount: Int
  package let epoch: Int
  package let loss: Double
  /// The values of the last test, if there was one.
  package let test: [Double]?
  /// Whether there was a test after this iteration.
  package let isTested: Bool
  /// Whether the test after this iteration is the best so far.
  package let isBest: Bool
  /// Whether a checkpoint is due.
  package let isSnapshotDue: Bool
}
