internal import Fields

/// An event that triggers a checkpoint, apart from elapsed time: `snapshot_on: best`.
package enum SnapshotMoment: String, FieldChoice {
  /// A test that is better than all earlier tests.
  case best
}
