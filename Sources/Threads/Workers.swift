internal import Glibc
internal import Kernels
internal import Synchronization

/// Persistent threads that share the items of a stage.
///
/// The threads are created when a stage first has work for them. A small model does not start
/// threads, because its batch is one slice. The assignment of items to threads is random, but the
/// results are deterministic: items write different memory, and every sum has a fixed order. The
/// calling thread also works. With one worker it is the only thread.
///
/// If the system creates fewer threads, the existing threads do all the work. The results have the
/// same bits.
package final class Workers: Sendable {
  /// The created threads. Nil until a stage needs them.
  private struct Threads {
    var made: [Thread]?
  }

  /// The number of requested threads, including the calling thread.
  package let count: Int
  private let shared = SharedWork()
  private let threads = Mutex(Threads())
  private let makeThread: Thread.Maker

  /// - Parameter makeThread: creates a thread. Tests let it fail.
  package init(count: Int, makeThread: @escaping Thread.Maker = { Thread($0) }) {
    precondition(count >= 1, "at least one worker")
    self.count = count
    self.makeThread = makeThread
  }

  /// The number of threads that work on a stage, including the calling thread. One until a stage
  /// has work for more.
  package var activeCount: Int { 1 + threads.withLock { $0.made?.count ?? 0 } }

  deinit {
    shared.stop()
    threads.withLock { threads in
      for thread in threads.made ?? [] { thread.join() }
    }
  }

  /// Runs all items, and returns after the last one finishes.
  ///
  /// - Parameter meanwhile: work of the calling thread before it takes items.
  package func run(_ stage: Stage, meanwhile: () -> Void = {}) {
    guard count > 1, stage.items.count > 1 else {
      meanwhile()
      for index in stage.items.indices { stage.run(index) }
      return
    }
    startThreads()
    shared.run(stage, meanwhile)
  }

  private func startThreads() {
    let lacking = threads.withLock { [shared] threads -> Int in
      guard threads.made == nil else { return 0 }
      var made: [Thread] = []
      while made.count < count - 1,
        let thread = makeThread({ shared.workUntilStopped() })
      {
        made.append(thread)
      }
      threads.made = made
      return count - 1 - made.count
    }
    if lacking > 0 { ThreadShortage.report(count: count - lacking, of: count) }
  }
}

/// The shared state of a stage: the items left and the items done.
@safe
private final class SharedWork: Sendable {
  /// The number of the stage in the upper half, and the number of items left in the lower half.
  ///
  /// One atomic word stores both. For a finished stage the lower half is 0. Therefore a late worker
  /// can take an item only from the stage whose number it has read.
  private let ticket = Atomic<UInt64>(0)
  private let done = Atomic<Int>(0)
  private let stage = unsafe Atomic<Unmanaged<Stage>?>(nil)
  private let isStopped = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let gate = Monitor<Void>(())

  func run(_ stage: Stage, _ meanwhile: () -> Void) {
    let (number, itemCount) = (ticket.load(ordering: .relaxed) >> 32, stage.items.count)
    precondition(itemCount <= UInt32.max, "a stage of more items than can be counted")
    done.store(0, ordering: .relaxed)
    unsafe self.stage.store(Unmanaged.passUnretained(stage), ordering: .relaxed)
    ticket.store((number + 1) << 32 | UInt64(itemCount), ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { gate.change { _ in } }
    meanwhile()
    _ = takeItems()
    var looks = 0
    while done.load(ordering: .acquiring) < itemCount {
      looks += 1
      if looks > 64 { sched_yield() }
    }
  }

  /// Runs items until none is left. Returns the number of the finished stage.
  private func takeItems() -> UInt64 {
    while true {
      let now = ticket.load(ordering: .sequentiallyConsistent)
      let left = Int(truncatingIfNeeded: now & 0xFFFF_FFFF)
      guard left > 0 else { return now >> 32 }
      let current = unsafe stage.load(ordering: .relaxed)
      let (taken, _) = ticket.compareExchange(
        expected: now, desired: now - 1, ordering: .sequentiallyConsistent)
      // The exchange succeeded. Therefore no other worker has this item, the stage is still
      // `current`, and its caller waits for the item.
      guard taken, let current = unsafe current else { continue }
      unsafe current._withUnsafeGuaranteedRef { $0.run($0.items.count - left) }
      done.add(1, ordering: .releasing)
    }
  }

  func workUntilStopped() {
    while !isStopped.load(ordering: .sequentiallyConsistent) {
      let usedUp = takeItems()
      if !waitBriefly(after: usedUp) { sleep(after: usedUp) }
    }
  }

  private func isNew(after number: UInt64) -> Bool {
    ticket.load(ordering: .sequentiallyConsistent) >> 32 != number
      || isStopped.load(ordering: .sequentiallyConsistent)
  }

  /// Polls for a new stage for some microseconds, since the next one usually comes at once.
  private func waitBriefly(after number: UInt64) -> Bool {
    for look in 0..<400 {
      if isNew(after: number) { return true }
      if look > 64 { sched_yield() }
    }
    return false
  }

  private func sleep(after number: UInt64) {
    sleepers.add(1, ordering: .sequentiallyConsistent)
    gate.wait { _ in self.isNew(after: number) ? () : nil }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
  }

  func stop() {
    isStopped.store(true, ordering: .sequentiallyConsistent)
    gate.change { _ in }
  }
}
