/// What is timed: a model, and how many steps of it.
struct Workload: Sendable {
  let name: String
  let summary: String
  /// The model file's text.
  let model: String
  let batchSize: Int
  /// Steps of one timed repeat.
  let steps: Int
  /// Useful operations of a training step: products, without the first layer's input gradient.
  let flopsPerStep: Double
  /// True for a whole process, from its start to its end.
  var isJob: Bool { name == "spiral_job" }
  /// The peers that have the workload, with their modes.
  let peers: [(script: String, modes: [String])]

  private static let spiralPeers = [
    ("numpy_peer.py", ["float64"]), ("jax_peer.py", ["step", "scan"]),
    ("torch_peer.py", ["eager", "fused"]),
  ]

  /// 2-100-3 on the spiral, batch 20: forward 10,000 multiply-adds an example, and twice that backward less the first
  /// layer's 200.
  private static let spiralFlops = 2.0 * 20 * (3 * 500 - 200)

  static let all = [
    Workload(
      name: "spiral", summary: "2-100-3 on 300 points, batch 20, SGD", model: spiral, batchSize: 20,
      steps: 60_000, flopsPerStep: spiralFlops, peers: spiralPeers),
    Workload(
      name: "spiral_job", summary: "the same, 3,000 steps from process start to exit",
      model: spiral, batchSize: 20, steps: 3_000, flopsPerStep: spiralFlops, peers: spiralPeers),
    Workload(
      name: "mlp", summary: "784-512-512-10, batch 128, SGD", model: mlp, batchSize: 128,
      steps: 600, flopsPerStep: 2.0 * 128 * (3 * (784 * 512 + 512 * 512 + 512 * 10) - 784 * 512),
      peers: [
        ("numpy_peer.py", ["float64"]), ("jax_peer.py", ["step", "scan"]),
        ("torch_peer.py", ["eager", "fused", "compile"]),
      ]),
  ]

  /// As `models/spiral.yaml`.
  private static let spiral = """
    name: spiral
    data:
      train: {source: spiral, batch_size: 20}
    network:
      - {name: ip1, type: Linear, num_output: 100, weight_filler: {type: gaussian, std: 0.01}}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 3, weight_filler: {type: gaussian, std: 0.01}}
      - {name: loss, type: SoftmaxWithLoss}
      - {name: accuracy, type: Accuracy, phase: test}
    solver: {base_lr: 1.0, weight_decay: 0.001, max_iter: 3000}
    """

  /// 1,920 examples are 15 whole batches: the peers leave a short batch out.
  private static let mlp = """
    name: mlp
    data:
      train: {source: blobs, points_per_class: 192, class_count: 10, features: 784, batch_size: 128}
    network:
      - {name: ip1, type: Linear, num_output: 512}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 512}
      - {name: relu2, type: ReLU}
      - {name: ip3, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.0001, max_iter: 3000}
    """
}
