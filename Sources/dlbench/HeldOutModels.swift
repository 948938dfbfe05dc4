/// The model files of ``Workload/heldOut``.
///
/// Rows are N(0, 1), and the clouds of the classes differ by at most 2 % of the deviation. So labels
/// are as good as random, as in the peers.
enum HeldOutModels {
  /// Blocks of two convolutions before each halving of the image.
  static let vgg = """
    name: vgg
    data:
      train: {source: generated_images, class_count: 10, images_per_class: 192, batch_size: 32}
    blocks:
      stage:
        parameters: {channels: ~}
        layers:
          - {name: conv1, type: Convolution, num_output: $(channels), kernel_size: 3, pad: 1}
          - {name: relu1, type: ReLU}
          - {name: conv2, type: Convolution, num_output: $(channels), kernel_size: 3, pad: 1}
          - {name: relu2, type: ReLU}
          - {name: pool, type: Pooling, kernel_size: 2}
    network:
      - {name: stage, block: stage, repeat: 3, channels: $(64 * 2 ^ index)}
      - {name: flat, type: Flatten}
      - {name: ip1, type: Linear, num_output: 512}
      - {name: relu, type: ReLU}
      - {name: ip2, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.01, momentum: 0.9, weight_decay: 0.0005, max_iter: 1000}
    """

  /// Depthwise convolutions, each followed by one with a window of 1.
  static let mobilenet = """
    name: mobilenet
    data:
      train: {source: generated_images, class_count: 10, images_per_class: 192, batch_size: 64}
    blocks:
      normalized:
        parameters: {channels: ~, size: 3, stride: 1, group: 1}
        layers:
          - {name: conv, type: Convolution, num_output: $(channels), kernel_size: $(size),
             pad: $(size // 2), stride: $(stride), group: $(group), bias_term: false}
          - {name: bn, type: BatchNorm}
          - {name: relu, type: ReLU}
      separable:
        parameters: {inputs: ~, outputs: ~, stride: 1}
        layers:
          - {name: depthwise, block: normalized, channels: $(inputs), group: $(inputs),
             stride: $(stride)}
          - {name: pointwise, block: normalized, channels: $(outputs), size: 1}
    network:
      - {name: stem, block: normalized, channels: 32}
      - {name: block1, block: separable, inputs: 32, outputs: 64}
      - {name: block2, block: separable, inputs: 64, outputs: 128, stride: 2}
      - {name: block3, block: separable, inputs: 128, outputs: 128}
      - {name: block4, block: separable, inputs: 128, outputs: 256, stride: 2}
      - {name: block5, block: separable, inputs: 256, outputs: 256}
      - {name: block6, block: separable, inputs: 256, outputs: 512, stride: 2}
      - {name: pool, type: Pooling, pool: average, global_pooling: true}
      - {name: ip, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.05, momentum: 0.9, max_iter: 1000}
    """

  /// Four stages of two residual blocks. Shortcuts between stages are normalized convolutions.
  static let resnet18 = """
    name: resnet18
    data:
      train: {source: generated_images, class_count: 10, images_per_class: 192, batch_size: 32}
    blocks:
      normalized:
        parameters: {channels: ~, size: 3, stride: 1}
        layers:
          - {name: conv, type: Convolution, num_output: $(channels), kernel_size: $(size),
             pad: $(size // 2), stride: $(stride), bias_term: false}
          - {name: bn, type: BatchNorm}
      residual:
        parameters: {channels: ~, stride: 1}
        layers:
          - {name: a, block: normalized, channels: $(channels), stride: $(stride)}
          - {name: relu_a, type: ReLU}
          - {name: b, block: normalized, channels: $(channels)}
          - {name: shortcut, block: normalized, channels: $(channels), size: 1,
             stride: $(stride), bottom: input, when: $(stride > 1)}
          - {name: sum, type: Eltwise, bottom: [b, shortcut]}
          - {name: relu, type: ReLU}
    network:
      - {name: stem, block: normalized, channels: 64}
      - {name: relu, type: ReLU}
      - {name: stage1, block: residual, repeat: 2, channels: 64}
      - {name: stage2, block: residual, repeat: 2, channels: 128, stride: $(2 - index)}
      - {name: stage3, block: residual, repeat: 2, channels: 256, stride: $(2 - index)}
      - {name: stage4, block: residual, repeat: 2, channels: 512, stride: $(2 - index)}
      - {name: pool, type: Pooling, pool: average, global_pooling: true}
      - {name: ip, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, momentum: 0.9, weight_decay: 0.0001, max_iter: 1000}
    """

  /// Two halvings and two doublings of the image, with a class for each pixel.
  static let unet = """
    name: unet
    data:
      train: {source: generated_shapes, image_count: 400, height: 64, width: 64, batch_size: 8}
    blocks:
      pair:
        parameters: {channels: ~}
        layers:
          - {name: conv1, type: Convolution, num_output: $(channels), kernel_size: 3, pad: 1}
          - {name: relu1, type: ReLU}
          - {name: conv2, type: Convolution, num_output: $(channels), kernel_size: 3, pad: 1}
          - {name: relu2, type: ReLU}
      up:
        parameters: {channels: ~}
        inputs: [coarse, fine]
        layers:
          - {name: double, type: Deconvolution, num_output: $(channels), kernel_size: 2, stride: 2}
          - {name: join, type: Concat, bottom: [fine, double]}
          - {name: pair, block: pair, channels: $(channels)}
    network:
      - {name: fine, block: pair, channels: 16}
      - {name: pool1, type: Pooling, kernel_size: 2}
      - {name: medium, block: pair, channels: 32}
      - {name: pool2, type: Pooling, kernel_size: 2}
      - {name: coarse, block: pair, channels: 64}
      - {name: up2, block: up, channels: 32, bottom: [coarse, medium]}
      - {name: up1, block: up, channels: 16, bottom: [up2, fine]}
      - {name: scores, type: Convolution, num_output: 4, kernel_size: 1}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {type: Adam, base_lr: 0.001, max_iter: 1000}
    """

  /// Convolutions on one axis. A signal is an image with one row, without the axis of rows.
  static let conv1d = """
    name: conv1d
    data:
      train: {source: generated_images, channels: 8, height: 1, width: 256, shape: [8, 256],
              class_count: 10, images_per_class: 192, batch_size: 64}
    network:
      - {name: conv1, type: Convolution, num_output: 32, kernel_size: 5, pad: 2}
      - {name: relu1, type: ReLU}
      - {name: pool1, type: Pooling, kernel_size: 2}
      - {name: conv2, type: Convolution, num_output: 64, kernel_size: 5, pad: 2}
      - {name: relu2, type: ReLU}
      - {name: pool2, type: Pooling, kernel_size: 2}
      - {name: conv3, type: Convolution, num_output: 128, kernel_size: 3, pad: 1}
      - {name: relu3, type: ReLU}
      - {name: pool3, type: Pooling, pool: average, global_pooling: true}
      - {name: ip, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {type: Adam, base_lr: 0.001, max_iter: 1000}
    """

  static let mlpNorm = perceptron(
    """
    {name: norm, type: LayerNorm}, {name: gelu, type: GELU},
                 {name: drop, type: Dropout, dropout_ratio: 0.1}
    """, solver: "{type: AdamW, base_lr: 0.001, weight_decay: 0.01, max_iter: 1000}")

  static let mlpGELU = perceptron(
    "{name: gelu, type: GELU}", solver: "{base_lr: 0.01, momentum: 0.9, max_iter: 1000}")

  static let mlpBatchNorm = perceptron(
    "{name: bn, type: BatchNorm}, {name: relu, type: ReLU}",
    solver: "{base_lr: 0.05, momentum: 0.9, max_iter: 1000}")

  /// Returns a perceptron 256-512-512-10.
  ///
  /// - Parameter layers: the layers after each hidden `Linear`.
  private static func perceptron(_ layers: String, solver: String) -> String {
    """
    name: perceptron
    data:
      train: {source: blobs, points_per_class: 192, class_count: 10, features: 256,
              deviation: 1000, scale: 0.001, batch_size: 128}
    blocks:
      hidden:
        layers: [{name: ip, type: Linear, num_output: 512}, \(layers)]
    network:
      - {name: hidden, block: hidden, repeat: 2}
      - {name: ip, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: \(solver)
    """
  }

  /// No source generates words. Therefore the first layer wraps numbers with deviation 10,000.
  static let embedding = """
    name: embedding
    data:
      train: {source: blobs, points_per_class: 192, class_count: 10, features: 8,
              deviation: 1000, scale: 10, batch_size: 128}
    network:
      - {name: words, type: Expression, formula: "floor(data) % 10000"}
      - {name: embed, type: Embed, input_dim: 10000, num_output: 32, bias_term: false}
      - {name: ip1, type: Linear, num_output: 256}
      - {name: relu, type: ReLU}
      - {name: ip2, type: Linear, num_output: 10}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {type: Adam, base_lr: 0.001, max_iter: 3000}
    """

  static let table = """
    name: table
    data:
      train: {source: blobs, points_per_class: 320, class_count: 3, features: 13,
              deviation: 1000, scale: 0.001, batch_size: 32}
    network:
      - {name: ip1, type: Linear, num_output: 32}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 16}
      - {name: relu2, type: ReLU}
      - {name: ip3, type: Linear, num_output: 3}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {type: Adam, base_lr: 0.001, max_iter: 3000}
    """
}
