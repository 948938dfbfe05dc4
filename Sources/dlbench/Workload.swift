internal import Expressions

/// The model that a benchmark times, and its number of steps.
struct Workload: Sendable {
  let name: String
  let summary: String
  /// The model file's text.
  let model: String
  let batchSize: Int
  /// The steps of one timed repeat.
  let steps: Int
  /// The useful operations of a training step: products, without the first layer's input gradient.
  let flopsPerStep: Double
  /// True for a whole process, from its start to its end.
  var isJob: Bool { name == "spiral_job" }
  /// True for the forward pass with constant weights.
  var isInference = false
  let peers: Peers

  /// The peers that run a workload, with their modes.
  typealias Peers = [(script: String, modes: [String])]

  private static let spiralPeers: Peers = [
    ("numpy_peer.py", ["float64"]), ("jax_peer.py", ["step", "scan"]),
    ("torch_peer.py", ["eager", "fused"]),
  ]

  /// The peers of networks whose examples are rows.
  static let vectorPeers: Peers = [
    ("jax_peer.py", ["step", "scan"]), ("torch_peer.py", ["eager", "fused", "compile"]),
  ]

  static let imagePeers: Peers = [
    ("torch_peer.py", ["fused", "channels_last", "compile"]), ("jax_peer.py", ["step"]),
  ]

  static let all = vectors + images + heldOut

  private static let vectors = [
    Workload(
      name: "spiral", summary: "2-100-3 on 300 points, batch 20, SGD", model: spiral, batchSize: 20,
      steps: 60_000, flopsPerStep: spiralFlops, peers: spiralPeers),
    Workload(
      name: "spiral_job", summary: "the same, 3,000 steps from process start to exit",
      model: spiral, batchSize: 20, steps: 3_000, flopsPerStep: spiralFlops, peers: spiralPeers),
    training(
      "mlp", "784-512-512-10, SGD", mlp, batchSize: 128, steps: 600, mlpProducts,
      peers: [("numpy_peer.py", ["float64"])] + vectorPeers),
    training(
      "mlp_adam", "784-512-512-10, Adam", mlp.replacing("{base_lr", with: "{type: Adam, base_lr"),
      batchSize: 128, steps: 600, mlpProducts, peers: vectorPeers),
  ]

  private static let images = [
    training("lenet", "Caffe's LeNet", lenet, batchSize: 64, steps: 150, lenetProducts),
    training(
      "cifar_quick", "Caffe's CIFAR-10-quick", cifarQuick, batchSize: 100, steps: 30,
      cifarProducts),
    training("resnet20", "ResNet-20", resnet20, batchSize: 128, steps: 8, resnetProducts),
    inference("lenet", lenet, batchSize: 1, steps: 4000, lenetProducts),
    inference("lenet", lenet, batchSize: 64, steps: 400, lenetProducts),
    inference("resnet20", resnet20, batchSize: 1, steps: 600, resnetProducts),
    inference("resnet20", resnet20, batchSize: 64, steps: 30, resnetProducts),
  ]

  /// Makes a training workload.
  ///
  /// - Parameter products: the multiply-adds of every layer for one example.
  static func training(
    _ name: String, _ summary: String, _ model: String, batchSize: Int, steps: Int,
    _ products: [Int], peers: Peers = imagePeers
  ) -> Workload {
    Workload(
      name: name, summary: "\(summary), batch \(batchSize)", model: model, batchSize: batchSize,
      steps: steps, flopsPerStep: trainingFlops(products, batchSize: batchSize), peers: peers)
  }

  /// Returns the operations of a training step.
  ///
  /// Backward takes twice as many products as forward. The first layer's input has no gradient.
  private static func trainingFlops(_ products: [Int], batchSize: Int) -> Double {
    2.0 * Double(batchSize * (3 * products.reduce(0, +) - products[0]))
  }

  private static func inference(
    _ name: String, _ model: String, batchSize: Int, steps: Int, _ products: [Int]
  ) -> Workload {
    Workload(
      name: "\(name)_infer\(batchSize)", summary: "\(name) forward, batch \(batchSize)",
      model: model, batchSize: batchSize, steps: steps,
      flopsPerStep: 2.0 * Double(batchSize * products.reduce(0, +)), isInference: true,
      peers: imagePeers)
  }

  private static let spiralFlops = trainingFlops([2 * 100, 100 * 3], batchSize: 20)
  private static let mlpProducts = [784 * 512, 512 * 512, 512 * 10]
  private static let lenetProducts = [24 * 24 * 20 * 25, 8 * 8 * 50 * 500, 800 * 500, 500 * 10]
  private static let cifarProducts = [
    1024 * 32 * 75, 256 * 32 * 800, 64 * 64 * 800, 1024 * 64, 64 * 10,
  ]
  private static let resnetProducts =
    [1024 * 16 * 27] + Array(repeating: 1024 * 16 * 144, count: 6) + [256 * 32 * 144]
    + Array(repeating: 256 * 32 * 288, count: 5) + [64 * 64 * 288]
    + Array(repeating: 64 * 64 * 576, count: 5) + [640]

  /// The model of `models/spiral.yaml`.
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

  /// A multilayer perceptron. 1,920 examples are 15 whole batches, because the peers drop a short
  /// batch.
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

  /// The model of `models/lenet.yaml` with generated images.
  private static let lenet = """
    name: lenet
    data:
      train: {source: generated_images, channels: 1, height: 28, width: 28, class_count: 10,
              images_per_class: 192, batch_size: 64}
    network:
      - {name: conv1, type: Convolution, num_output: 20, kernel_size: 5}
      - {name: pool1, type: Pooling, pool: max, kernel_size: 2}
      - {name: conv2, type: Convolution, num_output: 50, kernel_size: 5}
      - {name: pool2, type: Pooling, pool: max, kernel_size: 2}
      - {name: ip1, type: Linear, num_output: 500}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.01, momentum: 0.9, weight_decay: 0.0005, max_iter: 1000}
    """

  /// The model of `models/cifar10_quick.yaml` with generated images.
  private static let cifarQuick = """
    name: cifar_quick
    data:
      train: {source: generated_images, class_count: 10, images_per_class: 100, batch_size: 100}
    network:
      - {name: conv1, type: Convolution, num_output: 32, kernel_size: 5, pad: 2}
      - {name: pool1, type: Pooling, pool: max, kernel_size: 3, stride: 2, round_mode: ceil}
      - {name: relu1, type: ReLU}
      - {name: conv2, type: Convolution, num_output: 32, kernel_size: 5, pad: 2}
      - {name: relu2, type: ReLU}
      - {name: pool2, type: Pooling, pool: average, kernel_size: 3, stride: 2, round_mode: ceil}
      - {name: conv3, type: Convolution, num_output: 64, kernel_size: 5, pad: 2}
      - {name: relu3, type: ReLU}
      - {name: pool3, type: Pooling, pool: average, kernel_size: 3, stride: 2, round_mode: ceil}
      - {name: ip1, type: Linear, num_output: 64}
      - {name: ip2, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.001, momentum: 0.9, weight_decay: 0.004, max_iter: 1000}
    """

  /// The model of `models/resnet20.yaml`, with shortcuts that subsample and add channels of zeros.
  private static let resnet20 = """
    name: resnet20
    data:
      train: {source: generated_images, class_count: 10, images_per_class: 128, batch_size: 128}
    blocks:
      normalized:
        parameters: {channels: ~, stride: 1}
        layers:
          - {name: conv, type: Convolution, num_output: $(channels), kernel_size: 3, pad: 1,
             stride: $(stride), bias_term: false}
          - {name: bn, type: BatchNorm}
      residual:
        parameters: {channels: ~, stride: 1}
        layers:
          - {name: a, block: normalized, channels: $(channels), stride: $(stride)}
          - {name: relu_a, type: ReLU}
          - {name: b, block: normalized, channels: $(channels)}
          - {name: subsample, type: Pooling, kernel_size: 1, stride: $(stride), bottom: input,
             when: $(stride > 1)}
          - {name: widen, type: Pad, axis: 1, low: [$(channels // 4), 0, 0],
             high: [$(channels // 4), 0, 0], bottom: subsample, when: $(stride > 1)}
          - {name: sum, type: Eltwise, bottom: [b, widen]}
          - {name: relu, type: ReLU}
    network:
      - {name: stem, block: normalized, channels: 16}
      - {name: relu, type: ReLU}
      - {name: stage1, block: residual, repeat: 3, channels: 16}
      - {name: stage2, block: residual, repeat: 3, channels: 32, stride: $(2 if index == 0 else 1)}
      - {name: stage3, block: residual, repeat: 3, channels: 64, stride: $(2 if index == 0 else 1)}
      - {name: pool, type: Pooling, pool: average, global_pooling: true}
      - {name: ip, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, momentum: 0.9, weight_decay: 0.0001, max_iter: 1000}
    """
}
