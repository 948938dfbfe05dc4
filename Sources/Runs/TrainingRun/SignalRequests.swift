internal import Training

/// Receives the requests of a training from the signals of the process: see ``StopSignal``.
package struct SignalRequests: TrainingRequests {
  package init() {}

  package func begin() { StopSignal.begin() }

  package var stopSignal: CInt? { StopSignal.requested }

  package func takeSnapshotRequest() -> Bool { StopSignal.takeSnapshotRequest() }
}
