internal import Glibc
internal import Synchronization
package import Threads

/// What signals ask of a training: to stop after the update that is going on, or to write a checkpoint.
///
/// SIGINT and SIGTERM stop; a second of them, or one before the training has begun, ends the process at once: files are
/// complete or absent at any time. SIGHUP asks for a checkpoint.
///
/// A thread of its own waits for the signals, and no other thread takes them: a handler's frame would be written below
/// the stack pointer of the thread that was interrupted, and oneDNN's matrix products use that register for addresses
/// in the heap.
///
/// Where the system gives no thread, signals end the process as by default until the training begins. From then on they
/// are blocked, and the training itself takes them between two updates.
package enum StopSignal {
  /// True where no thread waits for the signals, so that the training takes them itself.
  private static let polls = Atomic<Bool>(false)
  private static let isTraining = Atomic<Bool>(false)
  /// The signal that asked to stop; 0 for none.
  private static let stop = Atomic<CInt>(0)
  private static let snapshot = Atomic<Bool>(false)

  /// Has the process listen. To be called while it has one thread: those that are made later take no signal either.
  ///
  /// - Parameter makeThread: how a thread is made; tests let it fail.
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

  /// The signals that are listened to.
  private static var all: sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    return signals
  }

  /// Takes the signals that have come since the last call, where no thread does.
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

  /// From here on the training looks at what is asked of it.
  package static func begin() {
    isTraining.store(true, ordering: .relaxed)
    guard polls.load(ordering: .relaxed) else { return }
    var signals = all
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// The signal that asked to stop; nil for none.
  package static var requested: CInt? {
    poll()
    let number = stop.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Whether a checkpoint was asked for; asking is answered once.
  package static func takeSnapshotRequest() -> Bool {
    poll()
    return snapshot.load(ordering: .relaxed) && snapshot.exchange(false, ordering: .relaxed)
  }
}
