internal import Glibc
internal import Synchronization
package import Threads

/// The requests that signals make of a training: to stop after the current update, or to write a
/// checkpoint.
///
/// SIGINT and SIGTERM stop the training. A second one, or one before the training begins, ends the
/// process at once. That is safe because files are complete or absent at any time. SIGHUP requests
/// a checkpoint.
///
/// A separate thread waits for the signals, and all other threads block them. A signal handler
/// could do little: hardly any function of the system is safe in it.
///
/// If the system refuses that thread, signals keep their default action until the training begins.
/// From then on they are blocked, and the training polls for them between two updates.
package enum StopSignal {
  /// True if there is no thread that waits for signals, so that the training polls for them.
  private static let polls = Atomic<Bool>(false)
  private static let isTraining = Atomic<Bool>(false)
  /// The signal that requested the stop. 0 when there was none.
  private static let stop = Atomic<CInt>(0)
  private static let snapshot = Atomic<Bool>(false)

  /// Starts to listen for signals.
  ///
  /// Call it while the process has only one thread. Threads that are created later inherit the
  /// blocked signals.
  ///
  /// - Parameter makeThread: Creates a thread. Tests pass a function that fails.
  package static func listen(makeThread: Thread.Maker = { Thread($0) }) {
    var signals = all
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let thread = makeThread { [signals] in
      var number: CInt = 0
      while true {
        if unsafe withUnsafePointer(to: signals, { unsafe sigwait($0, &number) }) == 0 {
          take(number)
        }
      }
    }
    guard thread == nil else { return }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    polls.store(true, ordering: .relaxed)
  }

  /// The signals that dlrun handles.
  private static var all: sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    return signals
  }

  /// Collects the signals that arrived since the last call, if no thread waits for signals.
  private static func poll() {
    guard polls.load(ordering: .relaxed) else { return }
    var (signals, none) = (all, timespec())
    while case let number = unsafe sigtimedwait(&signals, nil, &none), number > 0 { take(number) }
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

  /// Marks the start of the training, from which on the training answers requests.
  package static func begin() {
    isTraining.store(true, ordering: .relaxed)
    guard polls.load(ordering: .relaxed) else { return }
    var signals = all
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// The signal that requested the stop. Nil when there was none.
  package static var requested: CInt? {
    poll()
    let number = stop.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Returns whether a checkpoint was requested, and clears the request.
  package static func takeSnapshotRequest() -> Bool {
    poll()
    return snapshot.load(ordering: .relaxed) && snapshot.exchange(false, ordering: .relaxed)
  }
}
