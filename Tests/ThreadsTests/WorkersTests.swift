import Glibc
import Kernels
import Synchronization
import Testing
import Threads

/// The number of runs of an item.
private final class Runs: Sendable {
  let count = Atomic<Int>(0)
}

/// Counts its runs. `work` rounds of arithmetic vary the duration of items.
private struct CountingKernel: Kernel {
  let runs: Runs
  let work: Int

  func run() {
    var number: UInt64 = 1
    for _ in 0..<work { number = number &* 6_364_136_223_846_793_005 &+ 1 }
    // Always 1, since the last step decides whether the product is odd. The compiler cannot remove
    // the loop.
    runs.count.add(number == 0 ? 2 : 1, ordering: .relaxed)
  }
}

/// A stage of counting items.
private struct CountedStage {
  let stage: Stage
  let runs: [Runs]

  init(items: Int, kernels: Int = 1, work: (Int) -> Int = { _ in 0 }) {
    let runs = (0..<items).map { _ in Runs() }
    stage = Stage(
      runs.enumerated().map { index, runs in
        Stage.Item((0..<kernels).map { _ in CountingKernel(runs: runs, work: work(index)) })
      })
    self.runs = runs
  }

  var counts: [Int] { runs.map { $0.count.load(ordering: .relaxed) } }
}

@Suite("Workers", .serialized, .timeLimit(.minutes(2))) struct WorkersTests {
  @Test(
    "run every item of every stage exactly once",
    arguments: [1, 2, 3, 4, 7], [0, 1, 2, 3, 7, 64])
  func everyItemOnce(workerCount: Int, itemCount: Int) {
    let workers = Workers(count: workerCount)
    for round in 1...50 {
      let stage = CountedStage(items: itemCount, kernels: 3) { $0 % 5 * 200 * (round % 2) }
      workers.run(stage.stage)
      #expect(stage.counts == Array(repeating: 3, count: itemCount))
    }
  }

  /// Alternates stages of different sizes. A late worker must not take an item of the next stage
  /// when it still expects the previous one.
  @Test("keep consecutive stages apart", arguments: [2, 3, 7])
  func stagesInARow(workerCount: Int) {
    let workers = Workers(count: workerCount)
    let stages = [2, 9, 3, 40, 2, 5].map { CountedStage(items: $0) }
    let rounds = 20_000
    for round in 1...rounds {
      for stage in stages {
        workers.run(stage.stage)
        // A check after every stage would give the workers time to catch up.
        if round % 1_000 == 0 {
          #expect(stage.counts == Array(repeating: round, count: stage.runs.count))
        }
      }
    }
    for stage in stages {
      #expect(stage.counts == Array(repeating: rounds, count: stage.runs.count))
    }
  }

  /// Pauses about as long as a worker polls before it sleeps, and much longer pauses.
  @Test("wake up after pauses of any length", arguments: [2, 4, 7])
  func pauses(workerCount: Int) {
    let workers = Workers(count: workerCount)
    let stage = CountedStage(items: 8) { _ in 100 }
    for round in 1...400 {
      workers.run(stage.stage)
      usleep(UInt32(round * 37 % 400 * (round % 10 == 0 ? 20 : 1)))
    }
    #expect(stage.counts == Array(repeating: 400, count: 8))
  }

  @Test("run the items of a stage at the same time", arguments: [2, 3, 4])
  func rendezvous(workerCount: Int) {
    let workers = Workers(count: workerCount)
    for _ in 0..<200 {
      let arrived = Runs()
      let items = (0..<workerCount).map { _ in
        Stage.Item([Rendezvous(arrived: arrived, expected: workerCount)])
      }
      workers.run(Stage(items))
      #expect(arrived.count.load(ordering: .relaxed) == workerCount)
    }
  }

  @Test("end when unused, asleep, or polling")
  func endings() {
    let stage = CountedStage(items: 5)
    var uses = 0
    for round in 0..<200 {
      let workers = Workers(count: 1 + round % 7)
      guard round % 3 > 0 else { continue }
      workers.run(stage.stage)
      uses += 1
      if round % 3 == 2 { usleep(2_000) }
    }
    #expect(stage.counts == Array(repeating: uses, count: 5))
  }

  @Test("run the kernels of an item in their order")
  func orderWithinAnItem() {
    let workers = Workers(count: 3)
    let logs = (0..<9).map { _ in Log() }
    let stage = Stage(
      logs.map { log in Stage.Item((0..<20).map { LoggingKernel(log: log, number: $0) }) })
    for _ in 0..<3 { workers.run(stage) }
    for log in logs {
      #expect(log.numbers.withLock { $0 } == (0..<3).flatMap { _ in 0..<20 })
    }
  }

  @Test("refuse a count of 0")
  func noWorker() async {
    await #expect(processExitsWith: .failure) { _ = Workers(count: 0) }
  }

  /// Creates threads until `limit` of them exist.
  private final class Threads: Sendable {
    private let left: Atomic<Int>
    let asked = Atomic<Int>(0)

    init(limit: Int) { left = Atomic(limit) }

    func make(_ body: @escaping @Sendable () -> Void) -> Thread? {
      asked.add(1, ordering: .relaxed)
      guard left.load(ordering: .relaxed) > 0 else { return nil }
      left.subtract(1, ordering: .relaxed)
      return Thread(body)
    }
  }

  @Test("continue with the threads that exist, and request them once", arguments: 0...4)
  func fewerThreads(limit: Int) {
    let threads = Threads(limit: limit)
    let workers = Workers(count: 4) { threads.make($0) }
    #expect(workers.activeCount == 1)
    for _ in 1...30 {
      let stage = CountedStage(items: 9, kernels: 2) { $0 * 50 }
      workers.run(stage.stage)
      #expect(stage.counts == Array(repeating: 2, count: 9))
    }
    #expect(workers.activeCount == 1 + min(limit, 3))
    #expect(threads.asked.load(ordering: .relaxed) == min(limit + 1, 3))
  }

  @Test("report missing threads once, with their number")
  func shortage() {
    let messages = Mutex<[String]>([])
    ThreadShortage.observe { message in messages.withLock { $0.append(message) } }
    for count in [8, 4] {
      let threads = Threads(limit: 2)
      let workers = Workers(count: count) { threads.make($0) }
      workers.run(CountedStage(items: 5).stage)
    }
    #expect(
      messages.withLock { $0 } == [
        "the system refused to create more threads (a limit on processes or memory): expected 8, "
          + "received 3; dlrun continues with 3, and the results stay the same"
      ])
  }
}

/// Waits until the number of running items equals the number of workers.
private struct Rendezvous: Kernel {
  let arrived: Runs
  let expected: Int

  func run() {
    arrived.count.add(1, ordering: .sequentiallyConsistent)
    while arrived.count.load(ordering: .sequentiallyConsistent) < expected { sched_yield() }
  }
}

private final class Log: Sendable {
  let numbers = Mutex<[Int]>([])
}

private struct LoggingKernel: Kernel {
  let log: Log
  let number: Int

  func run() { log.numbers.withLock { $0.append(number) } }
}
