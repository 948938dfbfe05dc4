import DataSources
import Layers
import ModelFiles
import ModelOracles
import Networks
import Oracles
import Plans
import Testing
import YAML

@Suite("Estimates of memory")
struct MemoryEstimateTests {
  private static let mlp = [
    "name: ip1, type: Linear, num_output: 5", "name: relu1, type: ReLU",
    "name: ip2, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    "name: accuracy, type: Accuracy",
  ]

  private func estimate(
    _ layers: [String], solver: String = "base_lr: 1, max_iter: 1", batchSize: Int = 20,
    isTraining: Bool = true, copyCount: Int = 0, dataBytes: Double = 0
  ) throws -> MemoryEstimate {
    let text = network(layers).replacing("base_lr: 0.1, max_epochs: 1", with: solver)
    let graph = try graph(text, batchSize: batchSize)
    return MemoryEstimate(
      try model(text), parameters: graph.parameters,
      plans: [(graph, isTraining ? .training : .testing)], isTraining: isTraining,
      copyCount: copyCount, dataBytes: dataBytes)
  }

  @Test("count weights in whole vectors, once for gradients, and for each state of the solver")
  func weights() throws {
    // 2·5, 5, 5·3 and 3 values, each padded to 16.
    let bytes = 4.0 * 4 * 16
    let plain = try estimate(MemoryEstimateTests.mlp)
    #expect([plain.weights, plain.gradients, plain.solverState] == [bytes, bytes, 0])
    let momentum = try estimate(
      MemoryEstimateTests.mlp, solver: "base_lr: 1, max_iter: 1, momentum: 0.9")
    #expect(momentum.solverState == bytes)
    let sums = try estimate(
      MemoryEstimateTests.mlp, solver: "base_lr: 1, max_iter: 1, momentum: 0.9, iter_size: 2")
    #expect(sums.solverState == 2 * bytes)
    let averaged = try estimate(
      MemoryEstimateTests.mlp, solver: "type: AMSGrad, base_lr: 1, max_iter: 1, ema: 0.9")
    #expect(averaged.solverState == 4 * bytes)
    // One velocity for two matrices, two moments for two biases, and five times the larger matrix.
    let muon = try estimate(
      MemoryEstimateTests.mlp, solver: "type: Muon, base_lr: 1, max_iter: 1, iter_size: 2")
    #expect(muon.solverState == bytes + (2 + 4 + 5) * bytes / 4)
    let running = try estimate(MemoryEstimateTests.mlp, isTraining: false, copyCount: 3)
    #expect([running.gradients, running.solverState, running.copies] == [0, 0, 3 * bytes])
  }

  @Test("count a shared parameter once")
  func sharedWeights() throws {
    let shared = try estimate([
      "name: a, type: Linear, num_output: 2, param: [{name: w}, {name: b}]",
      "name: b, type: Linear, num_output: 2, param: [{name: w}, {name: b}]",
      "name: c, type: Linear, num_output: 3, bias_term: false", "name: loss, type: SoftmaxWithLoss",
    ])
    #expect(shared.weights == 4.0 * 3 * 16)
  }

  /// A network that runs in slices.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let layers: [String]
    let batchSize: Int
    let shards: Int
    var testDescription: String { "\(name), batch \(batchSize), \(shards) shards" }
  }

  static var cases: [Case] {
    let wide = [
      "name: ip1, type: Linear, num_output: 300", "name: relu1, type: ReLU",
      "name: ip2, type: Linear, num_output: 200", "name: tanh, type: TanH",
      "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      "name: accuracy, type: Accuracy",
    ]
    return [("small", mlp), ("wide", wide)].flatMap { name, layers in
      [1, 7, 64].flatMap { batchSize in
        [1, 2, 3].map { shards in
          Case(name: name, layers: layers, batchSize: batchSize, shards: shards)
        }
      }
    }
  }

  @Test(
    "equal a plan's arena, except for the scratch memory of primitives",
    arguments: cases, [NetworkPlan.Purpose.training, .testing, .prediction])
  func arenas(test: Case, purpose: NetworkPlan.Purpose) throws {
    let graph = try graph(network(test.layers), batchSize: test.batchSize)
    let estimated = try #require(
      NetworkPlan.estimatedMemory(graph, purpose: purpose, shards: test.shards).arena)
    let count = test.batchSize
    let data = try Dataset.of(
      (0..<count).map { [Float($0), 1] }, targets: (0..<count).map { [Float($0 % 3)] }, outputs: nil
    )
    let plan = try NetworkPlan(
      graph, purpose: purpose, store: try ParameterStore(graph.parameters, forTraining: true),
      source: try BatchSource(data, batchSize: count, shuffles: false, seed: 0),
      shards: test.shards, cache: ImplementationCache())
    let arena = plan.plan.arenaBytes
    #expect(arena == estimated)
  }

  @Test("grow with the batch, and with every slice's own sums")
  func growth() throws {
    func bytes(_ batchSize: Int, _ shards: Int) throws -> Int {
      let graph = try graph(network(MemoryEstimateTests.mlp), batchSize: batchSize)
      return try #require(
        NetworkPlan.estimatedMemory(graph, purpose: .training, shards: shards).arena)
    }
    #expect(try bytes(200_000, 1) > 9 * bytes(20_000, 1))
    #expect(try bytes(200, 4) > bytes(200, 1))
  }

  // MARK: Refusals

  @Test("name all parts in a refusal")
  func refusal() throws {
    let layers = [
      "name: ip1, type: Linear, num_output: 100000",
      "name: ip2, type: Linear, num_output: 250000",
      "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    ]
    let estimate = try estimate(
      layers, solver: "base_lr: 1, max_iter: 1, momentum: 0.9", copyCount: 2,
      dataBytes: 5 * 0x1p30)
    let rendered = estimate.refusal(limit: Int(22.125 * 0x1p30))?.message ?? ""
    #expect(
      rendered == """
        model needs 470.8 GiB (weights 93.1, gradients 93.1, solver state 93.1, activations 0.1, \
        copies 186.3, data 5.0), limit 22.1 GiB; largest: 'ip2.weight' of 250000x100000 (93.1)
        """)
    #expect(estimate.refusal(limit: Int(estimate.total)) == nil)
    #expect(estimate.refusal(limit: Int(estimate.total) - 1) != nil)
  }

  /// The message names the three largest tensors, unless they are small compared with the first.
  @Test("refuse at the largest layer, and name its tensors and the next largest")
  func places() throws {
    let wide = try estimate(
      [
        "name: ip1, type: Linear, num_output: 1000", "name: relu1, type: ReLU",
        "name: ip2, type: Linear, num_output: 2000, param: [{name: shared}]",
        "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
      ], batchSize: 1500)
    #expect(
      wide.refusal(limit: 1 << 20)?.rendered == """
        model.yaml:6:5: error: model needs 84.3 MiB (weights 7.7, gradients 7.7, activations 29.3, \
        copies 7.6, program 32.0), limit 1.0 MiB; largest: 'ip2' of 1500x2000 (11.4), 'shared' of 2000x1000 \
        (7.6), 'ip1' of 1500x1000 (5.7)
            6 |   - {name: ip2, type: Linear, num_output: 2000, param: [{name: s…
              |     ^
        """)
  }

  @Test("use MiB for small sizes")
  func smallRefusal() throws {
    let rendered = try estimate(MemoryEstimateTests.mlp).refusal(limit: 1 << 20)?.message ?? ""
    #expect(
      rendered == """
        model needs 32.0 MiB (program 32.0), limit 1.0 MiB
        """)
  }

  @Test("do not overflow", arguments: [1, 1_000_000])
  func huge(batchSize: Int) throws {
    // 2³⁰ · (2³⁰ − 1) weights, and activations of many layers.
    let layers =
      ["name: ip0, type: Linear, num_output: 1073741823"]
      + (1...9).map {
        "name: ip\($0), type: Linear, num_output: 107374182, param: [{name: w\($0)}]"
      }
      + ["name: loss, type: SoftmaxWithLoss"]
    let rendered = try estimate(layers, batchSize: batchSize).refusal(limit: 1 << 34)?.message ?? ""
    #expect(rendered.hasPrefix("model needs "))
    #expect(
      rendered.contains(
        "), limit 16.0 GiB; largest: 'w1' of 107374182x1073741823 (429496727.6)"))
  }

  @Test("say that activations are too many to count")
  func uncountable() throws {
    let layers =
      ["name: ip0, type: Linear, num_output: 2147483647"]
      + (1...1200).map { "name: relu\($0), type: ReLU" } + ["name: loss, type: SoftmaxWithLoss"]
    let rendered = try estimate(layers, batchSize: 1_000_000).refusal(limit: 1 << 34)?.message ?? ""
    #expect(
      rendered == """
        model needs more than 8589934592.0 GiB (weights 24.0, gradients 24.0, activations more \
        than 8589934592.0), limit 16.0 GiB; largest: 'ip0' of 1000000x2147483647 (8000000.0), \
        'relu1' of 1000000x2147483647 (8000000.0), 'relu2' of 1000000x2147483647 (8000000.0)
        """)
  }

  @Test("are made only after a check that 64 bits can count the parameters")
  func tooManyParameters() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 2147483647",
      "name: ip2, type: Linear, num_output: 2147483647",
      "name: ip3, type: Linear, num_output: 2147483647",
      "name: ip4, type: Linear, num_output: 2147483647, bottom: ip1",
      "name: loss, type: SoftmaxWithLoss",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:5:5: error: layer 'ip2' (Linear): expected at most 2^60 values in all \
        parameters, received a weight of 2147483647x2147483647
            5 |   - {name: ip2, type: Linear, num_output: 2147483647}
              |     ^
        """)
  }
}
