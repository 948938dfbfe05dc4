/// Receives the requests that reach a training from outside: to stop, or to write a checkpoint.
package protocol TrainingRequests {
  /// Marks the start of the training, from which on the training answers requests.
  func begin()
  /// The signal that requested the stop. Nil when there was none.
  var stopSignal: CInt? { get }
  /// Returns whether a checkpoint was requested, and clears the request.
  func takeSnapshotRequest() -> Bool
}
