internal import Glibc
internal import Plans
internal import Synchronization

/// What signals ask of a training: to stop after the update that is going on, or to write a checkpoint.
///
/// SIGINT and SIGTERM stop; a second of them, or one before the training has begun, ends the process at once: files are
/// complete or absent at any time. SIGHUP asks for a checkpoint.
///
/// A thread of its own waits for the signals, and no other thread takes them: a handler's frame would be written below
/// the stack pointer of the thread that was interrupted, and oneDNN's matrix products use that register for addresses
/// in the heap.
package enum StopSignal {
  private static let isTraining = Atomic<Bool>(false)
  /// The signal that asked to stop; 0 for none.
  private static let stop = Atomic<CInt>(0)
  private static let snapshot = Atomic<Bool>(false)

  /// Has the process listen. To be called while it has one thread: those that are made later take no signal either.
  package static func listen() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    _ = Thread { [signals] in
      var number: CInt = 0
      while true {
        if unsafe withUnsafePointer(to: signals, { unsafe sigwait($0, &number) }) == 0 {
          take(number)
        }
      }
    }
  }

  private static func take(_ number: CInt) {
    if number == SIGHUP {
      snapshot.store(true, ordering: .relaxed)
    } else if !isTraining.load(ordering: .relaxed)
      || stop.exchange(number, ordering: .relaxed) != 0
    {
      _exit(128 + number)
    }
  }

  /// From here on the training looks at what is asked of it.
  static func begin() { isTraining.store(true, ordering: .relaxed) }

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
