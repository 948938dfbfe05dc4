import DataSources
import ModelOracles
import Networks
import Oracles
import Testing

/// Tests layers without bottoms, layers without tops, and layers whose tops all show one blob.
@Suite("Layers that begin or end a network")
struct LayerEndsTests {
  private func run(
    _ layers: [String], values: [String: [Float]], shards: Int,
    purpose: NetworkPlan.Purpose = .training
  ) throws -> RunBatch {
    try RunBatch(
      layers, inputs: [[1, 2], [3, -1]], targets: [[0, 1], [1, 1]], outputs: 2, values: values,
      purpose: purpose, shards: shards)
  }

  private static let weight: [Float] = [1, 0, 0.5, -1]

  @Test("have no default bottom without inputs, and no default top without outputs")
  func wiring() throws {
    let text = network([
      "name: p, type: Parameter, shape: [3]", "name: ip1, type: Linear, num_output: 3",
      "name: unused, type: Silence", "name: d, type: DummyData, shape: [3], top: [e, f]",
      "name: sum, type: Eltwise, bottom: [ip1, f]", "name: loss, type: SoftmaxWithLoss",
      "name: more, type: Silence, bottom: [e, sum]",
    ])
    let graph = try graph(text)
    #expect(
      graph.outline == [
        "p() → #2 20x3", "ip1(p#2) → #3 20x3", "unused(ip1#3) → ", "d() → #4 20x3, #5 20x3",
        "sum(ip1#3, f#5) → #6 20x3", "loss(sum#6, label#1) → #7 scalar", "more(e#4, sum#6) → ",
      ])
    #expect(graph.prediction == 6)
    #expect(ModelTable(graph).rows.map(\.outputShape)[2] == "none")
  }

  @Test("are not the network's prediction if they read nothing")
  func prediction() throws {
    let graph = try graph(
      network([
        "name: ip1, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
        "name: d, type: DummyData, shape: [3]",
      ]))
    #expect(graph.prediction == 2)
  }

  @Test("learn a parameter from the sum over the batch", arguments: [1, 2])
  func parameter(shards: Int) throws {
    let batch = try run(
      [
        "name: p, type: Parameter, shape: [2]",
        "name: loss, type: EuclideanLoss, bottom: [p, label]",
      ], values: ["p.value": [1, 2]], shards: shards)
    // Differences (1, 1), (0, 1); ∂ = (½, ½), (0, ½).
    #expect(batch.network.loss == 0.75)
    #expect(batch.gradient("p.value") == [0.5, 1])
  }

  @Test("add up the gradients of all tops of a view", arguments: [1, 2])
  func split(shards: Int) throws {
    let batch = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false",
        "name: s, type: Split, top: [l, r, unread]",
        "name: sum, type: Eltwise, bottom: [l, r]", "name: loss, type: EuclideanLoss",
      ], values: ["a.weight": LayerEndsTests.weight], shards: shards)
    // a = (1, −1½), (3, 2½); the sum is twice a; ∂a = (2, −4), (5, 4).
    #expect(batch.network.loss == 15.25)
    #expect(batch.gradient("a.weight") == [17, -1, 8, -12])
  }

  @Test("pass on the gradient of the one top that a loss depends on", arguments: [1, 2])
  func splitOnce(shards: Int) throws {
    let batch = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false",
        "name: s, type: Split, top: [l, r]", "name: quiet, type: Silence, bottom: l",
        "name: loss, type: EuclideanLoss, bottom: [r, label]",
      ], values: ["a.weight": LayerEndsTests.weight], shards: shards)
    let alone = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false", "name: loss, type: EuclideanLoss",
      ],
      values: ["a.weight": LayerEndsTests.weight], shards: shards)
    #expect(batch.gradient("a.weight") == alone.gradient("a.weight"))
    #expect(batch.network.loss == alone.network.loss)
  }

  @Test("may have a view as their prediction", arguments: [1, 2])
  func reshapedAnswer(shards: Int) throws {
    let batch = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false",
        "name: turned, type: Permute, order: [0, 1]",
        "name: column, type: Reshape, shape: [0, -1, 1]",
        "name: row, type: Input, shape: [2]", "name: loss, type: EuclideanLoss",
      ], values: ["a.weight": LayerEndsTests.weight], shards: shards, purpose: .testing)
    #expect(batch.prediction == [1, -1.5, 3, 2.5])
  }

  @Test("refuse bottoms, tops and weights that they cannot have")
  func mistakes() throws {
    let rendered = try graphMistakes(
      network([
        "name: p, type: Parameter, shape: [3], bottom: data",
        "name: quiet, type: Silence, bottom: data, top: x",
        "name: d, type: DummyData, shape: [2147483647, 2147483647, 9]",
        "name: ip, type: Linear, num_output: 3, bottom: data",
        "name: loss, type: SoftmaxWithLoss",
      ]))
    #expect(
      rendered == """
        model.yaml:4:52: error: layer 'p' (Parameter): expected 0 bottoms, received 1
            4 |   - {name: p, type: Parameter, shape: [3], bottom: data}
              |                                                    ^
        model.yaml:5:53: error: layer 'quiet' (Silence): expected 0 tops, received 1
            5 |   - {name: quiet, type: Silence, bottom: data, top: x}
              |                                                     ^
        model.yaml:6:5: error: layer 'd' (DummyData): 20 examples of 2147483647x2147483647x9 are \
        too many values to count
            6 |   - {name: d, type: DummyData, shape: [2147483647, 2147483647, 9…
              |     ^
        """)
    let weighted = ModelOracles.mistakes(
      in: network(["name: quiet, type: Silence, bottom: data, loss_weight: 1"]))
    #expect(
      weighted == """
        model.yaml:4:61: error: layer 'quiet': loss_weight: the layer has no top to minimise
            4 |   - {name: quiet, type: Silence, bottom: data, loss_weight: 1}
              |                                                             ^
        """)
  }
}
