import ModelOracles
import Networks
import Oracles
import Testing

/// Runs networks whose numbers are exact in binary, each in one slice and in two.
///
/// The expected values are computed by hand. With x = (1, 2) and (3, −1), and W = (1, 0; ½, −1),
/// x·Wᵀ is (1, −1½) and (3, 2½).
@Suite("Recorded networks")
struct NetworkRecorderTests {
  private static let inputs: [[Float]] = [[1, 2], [3, -1]]
  private static let weight: [Float] = [1, 0, 0.5, -1]

  private func run(
    _ layers: [String], targets: [[Float]], values: [String: [Float]],
    purpose: NetworkPlan.Purpose = .training, shards: Int
  ) throws -> RunBatch {
    try RunBatch(
      layers, inputs: NetworkRecorderTests.inputs, targets: targets, outputs: targets[0].count,
      values: values, purpose: purpose, shards: shards)
  }

  @Test("add up the gradients of all readers of a blob", arguments: [1, 2])
  func fanOut(shards: Int) throws {
    let batch = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false",
        "name: b, type: Linear, num_output: 1, bias_term: false, bottom: a",
        "name: c, type: Linear, num_output: 1, bias_term: false, bottom: a",
        "name: lossb, type: EuclideanLoss, bottom: [b, label]",
        "name: lossc, type: EuclideanLoss, bottom: [c, label]",
      ], targets: [[1], [2]],
      values: ["a.weight": NetworkRecorderTests.weight, "b.weight": [2, 1], "c.weight": [-1, 3]],
      shards: shards)
    // b = ½, 8½; c = −5½, 4½; ∂b = −¼, 3¼; ∂c = −3¼, 1¼; ∂a = (2¾, −10), (5¼, 7).
    #expect(batch.network.loss == 10.625 + 12.125)
    #expect(batch.gradient("a.weight") == [18.5, 0.25, 11, -27])
    #expect(batch.gradient("b.weight") == [9.5, 8.5])
    #expect(batch.gradient("c.weight") == [0.5, 8])
  }

  @Test("add up the gradients of all uses of a parameter", arguments: [1, 2])
  func sharedParameter(shards: Int) throws {
    let batch = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false, param: {name: w}",
        "name: d, type: Linear, num_output: 2, bias_term: false, param: {name: w}",
        "name: loss, type: EuclideanLoss",
      ], targets: [[0, 1], [1, 1]], values: ["w": NetworkRecorderTests.weight], shards: shards)
    // d = (1, 2), (3, −1); ∂d = (½, ½), (1, −1).
    #expect(batch.network.loss == 2.5)
    let ofD: [Float] = [3.5, 1.75, -2.5, -3.25]
    let ofA: [Float] = [2.25, 1, 2.5, -2]
    #expect(batch.gradient("w") == zip(ofA, ofD).map { $0 + $1 })
  }

  @Test("compute a shared parameter's gradient if only one of its users is trained")
  func sharedOnce() throws {
    let batch = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false, param: {name: w}",
        "name: loss, type: EuclideanLoss",
        "name: aside, type: Linear, num_output: 2, bias_term: false, bottom: a, param: {name: w}",
      ], targets: [[0, -1.5], [3, 2.5]], values: ["w": NetworkRecorderTests.weight], shards: 1)
    #expect(batch.gradient("w") == [0.5, 1, 0, 0])
  }

  @Test("give both bottoms of a Euclidean loss their gradients", arguments: [1, 2])
  func bothBranches(shards: Int) throws {
    let batch = try run(
      [
        "name: p, type: Linear, num_output: 1, bias_term: false, bottom: data",
        "name: q, type: Linear, num_output: 1, bias_term: false, bottom: data",
        "name: loss, type: EuclideanLoss, bottom: [p, q]",
      ], targets: [[0], [0]], values: ["p.weight": [1, 1], "q.weight": [0, 2]], shards: shards)
    // p = 3, 2; q = 4, −2; ∂p = −½, 2; ∂q = −∂p.
    #expect(batch.network.loss == 4.25)
    #expect(batch.gradient("p.weight") == [5.5, -3])
    #expect(batch.gradient("q.weight") == [-5.5, 3])
  }

  @Test("give the second bottom of a Euclidean loss its gradient if the first has none")
  func secondBranch() throws {
    let batch = try run(
      [
        "name: p, type: Linear, num_output: 1, bias_term: false",
        "name: loss, type: EuclideanLoss, bottom: [label, p]",
      ], targets: [[4], [-2]], values: ["p.weight": [1, 1]], shards: 1)
    #expect(batch.gradient("p.weight") == [5.5, -3])
  }

  @Test("differentiate in-place computation", arguments: [1, 2])
  func inPlace(shards: Int) throws {
    let batch = try run(
      [
        "name: ip, type: Linear, num_output: 2, bias_term: false, top: x",
        "name: relu, type: ReLU, bottom: x, top: x",
        "name: loss, type: EuclideanLoss, bottom: [x, label]",
      ], targets: [[0, 1], [1, 1]], values: ["ip.weight": NetworkRecorderTests.weight],
      shards: shards)
    // relu = (1, 0), (3, 2½); ∂x = (½, 0), (1, ¾).
    #expect(batch.network.loss == 2.0625)
    #expect(batch.gradient("ip.weight") == [3.5, 0, 2.25, -0.75])
  }

  @Test(
    "add up the gradients of a blob and of a view of it, by the weights of the losses",
    arguments: [1, 2])
  func view(shards: Int) throws {
    func batch(_ layers: [String]) throws -> RunBatch {
      try run(
        ["name: ip, type: Linear, num_output: 2, bias_term: false"] + layers,
        targets: [[0, 1], [1, 1]], values: ["ip.weight": NetworkRecorderTests.weight],
        shards: shards)
    }
    let alone = try batch(["name: loss, type: EuclideanLoss"])
    let both = try batch([
      "name: flat, type: Flatten", "name: loss, type: EuclideanLoss",
      "name: half, type: EuclideanLoss, bottom: [ip, label], loss_weight: 0.5",
    ])
    #expect(both.network.loss == 1.5 * alone.network.loss)
    #expect(both.gradient("ip.weight") == alone.gradient("ip.weight")?.map { 1.5 * $0 })
    #expect(alone.gradient("ip.weight") == [3.5, 0, 1, -3.25])
  }

  @Test("leave a frozen parameter's gradient alone, and pass gradients through its layer")
  func frozen() throws {
    let layers = { (options: String) in
      [
        "name: a, type: Linear, num_output: 2, bias_term: false",
        "name: b, type: Linear, num_output: 2, bias_term: false, param: {\(options)}",
        "name: loss, type: EuclideanLoss",
      ]
    }
    let values = ["a.weight": NetworkRecorderTests.weight, "b.weight": NetworkRecorderTests.weight]
    let targets: [[Float]] = [[0, 1], [1, 1]]
    let free = try run(layers("lr_mult: 1"), targets: targets, values: values, shards: 1)
    let frozen = try run(layers("lr_mult: 0"), targets: targets, values: values, shards: 1)
    #expect(free.gradient("b.weight") == [3.5, 1.75, -2.5, -3.25])
    #expect(frozen.gradient("b.weight") == [0, 0, 0, 0])
    #expect(free.gradient("a.weight") == [2.25, 1, 2.5, -2])
    #expect(frozen.gradient("a.weight") == [2.25, 1, 2.5, -2])
  }

  @Test(
    "stop gradients at propagate_down, and keep the layer's own gradients", arguments: [1, 2])
  func propagation(shards: Int) throws {
    func batch(_ fields: String) throws -> RunBatch {
      try run(
        [
          "name: a, type: Linear, num_output: 2, bias_term: false",
          "name: b, type: Linear, num_output: 1, bias_term: false, bottom: a\(fields)",
          "name: c, type: Linear, num_output: 1, bias_term: false, bottom: a",
          "name: lossb, type: EuclideanLoss, bottom: [b, label]",
          "name: lossc, type: EuclideanLoss, bottom: [c, label]",
        ], targets: [[1], [2]],
        values: [
          "a.weight": NetworkRecorderTests.weight, "b.weight": [2, 1], "c.weight": [-1, 3],
        ],
        shards: shards)
    }
    // From c alone, ∂a = (3¼, −9¾), (−1¼, 3¾).
    let closed = try batch(", propagate_down: false")
    #expect(closed.gradient("a.weight") == [-0.5, 7.75, 1.5, -23.25])
    #expect(closed.gradient("b.weight") == [9.5, 8.5])
    #expect(closed.gradient("c.weight") == [0.5, 8])
    #expect(try batch(", propagate_down: true").gradient("a.weight") == [18.5, 0.25, 11, -27])
  }

  @Test("give only one of a loss's bottoms its gradient", arguments: [1, 2])
  func propagationByBottom(shards: Int) throws {
    let batch = try run(
      [
        "name: p, type: Linear, num_output: 1, bias_term: false, bottom: data",
        "name: q, type: Linear, num_output: 1, bias_term: false, bottom: data",
        "name: loss, type: EuclideanLoss, bottom: [p, q], propagate_down: [false, true]",
      ], targets: [[0], [0]], values: ["p.weight": [1, 1], "q.weight": [0, 2]], shards: shards)
    #expect(batch.gradient("p.weight") == [0, 0])
    #expect(batch.gradient("q.weight") == [-5.5, 3])
  }

  @Test("compute no gradient for layers that no loss depends on")
  func aside() throws {
    let batch = try run(
      [
        "name: a, type: Linear, num_output: 2, bias_term: false",
        "name: loss, type: EuclideanLoss",
        "name: b, type: Linear, num_output: 1, bias_term: false, bottom: a",
        "name: r2, type: R2, bottom: [a, label]",
      ], targets: [[0, 1], [1, 1]], values: ["a.weight": NetworkRecorderTests.weight], shards: 1)
    #expect(batch.gradient("a.weight") == [3.5, 0, 1, -3.25])
    #expect(batch.gradient("b.weight") == [0, 0])
    #expect(batch.network.scores.map(\.name) == ["loss", "r2"])
    #expect(batch.network.scores.map(\.lossWeight) == [1, nil])
  }

  @Test("predict without labels, with the last layer that is not a score", arguments: [1, 2])
  func prediction(shards: Int) throws {
    let layers = [
      "name: a, type: Linear, num_output: 2, bias_term: false",
      "name: relu, type: ReLU", "name: flat, type: Flatten",
      "name: loss, type: EuclideanLoss",
    ]
    let batch = try run(
      layers, targets: [[0, 0], [0, 0]], values: ["a.weight": NetworkRecorderTests.weight],
      purpose: .prediction, shards: shards)
    #expect(batch.prediction == [1, 0, 3, 2.5])
    #expect(batch.network.scores.isEmpty)
    let tested = try run(
      layers, targets: [[0, 0], [0, 0]], values: ["a.weight": NetworkRecorderTests.weight],
      purpose: .testing, shards: shards)
    #expect(tested.prediction == [1, 0, 3, 2.5])
    #expect(tested.network.loss == (1 + 9 + 6.25) / 4)
  }
}
