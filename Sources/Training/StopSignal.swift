internal import Glibc
internal import Synchronization

/// What signals ask of a training: to stop after the update that is going on, or to write a checkpoint.
///
/// SIGINT and SIGTERM stop; a second of them ends the process at once, as SIGINT's or SIGTERM's default does: files are
/// complete or absent at any time. SIGHUP asks for a checkpoint.
package enum StopSignal {
  /// The signal that asked to stop; 0 for none.
  private static let stop = Atomic<CInt>(0)
  private static let snapshot = Atomic<Bool>(false)

  /// Has the process listen. Before this the signals do what they do by default.
  package static func listen() {
    // Made here, since a handler must not be the first to use them.
    stop.store(0, ordering: .relaxed)
    snapshot.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { number in
        let before = StopSignal.stop.exchange(number, ordering: .relaxed)
        if before != 0 { _exit(128 + number) }
      }
    }
    _ = signal(SIGHUP) { _ in StopSignal.snapshot.store(true, ordering: .relaxed) }
  }

  /// The signal that asked to stop; nil for none.
  static var requested: CInt? {
    let number = stop.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Whether a checkpoint was asked for; asking is answered once.
  static func takeSnapshotRequest() -> Bool {
    snapshot.load(ordering: .relaxed) && snapshot.exchange(false, ordering: .relaxed)
  }
}
