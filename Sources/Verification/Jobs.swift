internal import Synchronization
internal import Threads

/// Runs independent work on several threads at once.
enum Jobs {
  private struct State<Value: Sendable> {
    var next = 0
    var values: [Value?]
  }

  /// Calls `body` with 0, 1 … `count` − 1, at most `jobs` at the same time. Returns the values in
  /// the order of the numbers.
  ///
  /// When the system provides fewer threads, fewer calls run at the same time.
  static func map<Value: Sendable>(
    _ count: Int, jobs: Int, makeThread: Thread.Maker = { Thread($0) },
    _ body: @escaping @Sendable (Int) -> Value
  ) -> [Value] {
    let shared = Shared(State<Value>(values: Array(repeating: nil, count: count)))
    @Sendable func work() {
      while let index = shared.take(of: count) { shared.set(index, body(index)) }
    }
    let wanted = max(1, min(jobs, count))
    var threads: [Thread] = []
    while threads.count < wanted - 1, let thread = makeThread(work) { threads.append(thread) }
    if threads.count < wanted - 1 { ThreadShortage.report(count: threads.count + 1, of: wanted) }
    work()
    for thread in threads { thread.join() }
    return shared.values
  }

  private final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<State<Value>>

    init(_ state: State<Value>) { self.state = Mutex(state) }

    /// Returns the next number. Nil when all are taken.
    func take(of count: Int) -> Int? {
      state.withLock { state in
        guard state.next < count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func set(_ index: Int, _ value: Value) { state.withLock { $0.values[index] = value } }

    var values: [Value] { state.withLock { $0.values.compactMap { $0 } } }
  }
}
