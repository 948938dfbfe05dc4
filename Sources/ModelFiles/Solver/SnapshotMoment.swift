internal import Fields

/// What a checkpoint is written for, beside the time that passed: `snapshot_on: best`.
package enum SnapshotMoment: String, FieldChoice {
  /// A test that is the best so far.
  case best
}
