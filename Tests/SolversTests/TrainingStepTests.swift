import AllocationCounter
import DataSources
import Files
import Glibc
import ModelFiles
import Networks
import Oracles
import Plans
import Tensors
import Testing
import Threads
import YAML

/// Trains on random examples with the steps of a trainer.
private final class Steps {
  private let training: Training
  private let source: BatchSource
  private let plan: NetworkPlan
  private let update: UpdatePlan
  private let workers: Workers
  private var batchNumber = 0
  private(set) var loss = 0.0

  init(_ network: StepNetwork) throws {
    let layers = try Node.parse(Array(network.layers.utf8), name: "test.yaml").requiredItems()
    let solver = try Node.parse(Array(network.solver.utf8), name: "test.yaml")
    training = try Training(
      layers: layers, solver: solver, inputs: network.inputs, batchSize: network.batchSize)
    try training.store.fill(seed: 1)
    var numbers = SeededNumbers(seed: 111)
    let count = 10 * network.batchSize
    source = try training.source(
      numbers.floats(count * network.inputs), labels: numbers.labels(count, of: 3), shuffles: true)
    plan = try training.networkPlan(source, shards: network.shards)
    update = try training.update()
    workers = Workers(count: network.workers)
  }

  /// Runs `count` steps. Returns false when a value is no longer finite.
  func take(_ count: Int) throws -> Bool {
    let batchCount = source.epochOrder.batchCount
    for iteration in 0..<count {
      loss = 0
      for step in 0..<training.model.solver.iterationSize {
        if batchNumber % batchCount == 0 { source.begin(epoch: batchNumber / batchCount) }
        try source.select(batch: batchNumber % batchCount)
        batchNumber += 1
        plan.plan.run(on: workers)
        loss += plan.loss
        update.accumulate(step: step, on: workers)
      }
      let rate = training.learningRate(iteration)
      let penalty = update.regularization(on: workers) ?? 0
      guard penalty.isFinite, loss.isFinite, update.run(learningRate: rate, on: workers) == nil
      else { return false }
    }
    return true
  }
}

/// The network that a test trains.
struct StepNetwork: Codable, Sendable, CustomTestStringConvertible {
  let testDescription: String
  let inputs: Int
  let batchSize: Int
  let layers: String
  let solver: String
  let shards: Int
  let workers: Int

  static let all = [
    StepNetwork(
      testDescription: "as small as the spiral's, on one thread", inputs: 2, batchSize: 20,
      layers: """
        [{type: Linear, num_output: 100}, {type: ReLU}, {type: Linear, num_output: 3},
         {type: SoftmaxWithLoss}]
        """, solver: "{base_lr: 0.1, momentum: 0.9, weight_decay: 0.001}", shards: 1, workers: 1),
    StepNetwork(
      testDescription: "small, in slices, accumulated and clipped", inputs: 5, batchSize: 12,
      layers: """
        [{type: Linear, num_output: 30}, {type: TanH}, {type: Softmax}, {type: Flatten},
         {type: Linear, num_output: 3}, {type: Sigmoid}, {type: SoftmaxWithLoss}]
        """,
      solver: """
        {base_lr: 0.1, momentum: 0.9, momentum_form: caffe, iter_size: 2, clip_gradients: 0.5,
         weight_decay: 0.001, regularization_type: L1,
         lr_policy: {type: multistep, stepvalue: [10, 20]}}
        """, shards: 3, workers: 2),
    StepNetwork(
      testDescription: "small, by Adam on a cycle, bounded and averaged", inputs: 5, batchSize: 12,
      layers: """
        [{type: Linear, num_output: 30}, {type: ReLU}, {type: Linear, num_output: 3},
         {type: SoftmaxWithLoss}]
        """,
      solver: """
        {type: Adam, base_lr: 0.01, clip_gradients: 0.5, ema: 0.99, lr_policy: one_cycle,
         regularization_type: {type: max_norm, limit: 2}, show_regularization: true}
        """, shards: 2, workers: 2),
    StepNetwork(
      testDescription: "small, by Muon", inputs: 5, batchSize: 12,
      layers: """
        [{type: Linear, num_output: 9}, {type: ReLU}, {type: Linear, num_output: 3},
         {type: SoftmaxWithLoss}]
        """,
      solver: """
        {type: Muon, base_lr: 0.01, weight_decay: 0.1, lr_policy: {type: cosine, length: 7}}
        """,
      shards: 1, workers: 2),
    StepNetwork(
      testDescription: "two hidden layers of 512, in two slices on two threads", inputs: 128,
      batchSize: 16,
      layers: """
        [{type: Linear, num_output: 512}, {type: ReLU}, {type: Linear, num_output: 512},
         {type: ReLU}, {type: Linear, num_output: 10}, {type: SoftmaxWithLoss}]
        """, solver: "{base_lr: 0.01, momentum: 0.9, weight_decay: 0.0001}", shards: 2, workers: 2),
  ]
}

@Suite("A training step") struct TrainingStepTests {
  /// The test runs in its own process, so that no other test allocates.
  @Test(
    "allocates no memory",
    .enabled(if: allocation_counting_is_available()), .tags(.slow), arguments: StepNetwork.all)
  func allocations(network: StepNetwork) async {
    await #expect(processExitsWith: .success) { [network = network as StepNetwork] in
      let steps = try Steps(network)
      #expect(try steps.take(100))
      // With a small network, a worker thread may not have run yet.
      usleep(100_000)
      #expect(try steps.take(100))
      allocation_counting_begin()
      let isFinite = try steps.take(1_000)
      let count = allocation_counting_end()
      #expect(isFinite)
      #expect(count == 0)
    }
  }

  @Test("is covered by the allocation counter", .enabled(if: allocation_counting_is_available()))
  func counting() async {
    await #expect(processExitsWith: .success) {
      allocation_counting_begin()
      let storages = (1...10).map { FloatStorage(count: 100 * $0) }
      let count = allocation_counting_end()
      #expect(storages.allSatisfy { $0 != nil })
      // Each array allocates an object and its memory.
      #expect(count >= 20)
    }
  }

  @Test("does not grow memory over 10,000 updates", arguments: StepNetwork.all)
  func memory(network: StepNetwork) async {
    await #expect(processExitsWith: .success) { [network = network as StepNetwork] in
      let steps = try Steps(network)
      #expect(try steps.take(1_000))
      // A thread allocates once when it first runs, which may happen in either measurement.
      var growths: [Int] = []
      for count in [10_000, 10_000] {
        let before = residentBytes()
        #expect(before > 1 << 20)
        let isFinite = try steps.take(count)
        #expect(isFinite)
        growths.append(residentBytes() - before)
      }
      #expect(growths.contains { $0 <= 1 << 20 }, "\(growths)")
    }
  }
}

/// The resident memory of the process, from the system.
private func residentBytes() -> Int {
  guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
  defer { unsafe fclose(file) }
  var (size, resident) = (0, 0)
  guard
    unsafe withUnsafeMutablePointer(
      to: &size,
      { size in
        unsafe withUnsafeMutablePointer(to: &resident) { resident in
          unsafe withVaList([size, resident]) { unsafe vfscanf(file, "%ld %ld", $0) }
        }
      }) == 2
  else { return 0 }
  return resident * sysconf(Int32(_SC_PAGESIZE))
}
