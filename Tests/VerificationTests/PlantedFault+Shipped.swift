import DataSources
import Layers
import ModelFiles
import Oracles
import RunOracles
import Solvers

extension PlantedFault {
  /// The faults that the records of the shipped models must catch, with every arithmetic.
  static let shipped: [PlantedFault] = [
    layer(
      "the gradient of a weight has the other sign", .shipped("wine"), "ip1",
      .parameterGradient(0) { $0.map { -$0 } }),
    layer(
      "the gradient of a bias is missing", .shipped("iris"), "ip1",
      .parameterGradient(1) { $0.map { _ in 0 } }),
    layer(
      "the gradient of an input has the other sign", .shipped("diabetes"), "ip2",
      .inputGradient { $0.map { -$0 } }),
    layer("ReLU passes every gradient on", .shipped("spiral"), "relu1", .passesGradient),
    layer("TanH passes the gradient on", .shipped("iris"), "tanh1", .passesGradient),
    layer(
      "running statistics are not updated", .shipped("spiral_dropout_batchnorm"), "bn2",
      .forgetsStatistics),
    layer(
      "BatchNorm's gradient leaves out what the batch has in common",
      .shipped("spiral_dropout_batchnorm"), "bn1", .passesGradient),
    layer(
      "what dropout keeps is not scaled up", .shipped("digits_cnn"), "dropout4",
      .output { $0.map { 0.5 * $0 } }),
    part("the loss's gradient is not divided by the batch", .shipped("linear_regression")) { file in
      guard let index = file.network.firstIndex(where: { $0.name == "loss" }),
        let loss = file.network[index].layer.kind.loss
      else { return }
      file.network[index].layer = FaultyLoss(loss) { $0.map { 32 * $0 } }
    },
    solver("the decay has the other sign", .shipped("spiral"), .wrongDecay),
    solver("Adam's means are not corrected", .shipped("spiral_adam"), .noCorrection),
    part("the warm-up is left out", .shipped("spiral_adam")) { $0.solver.warmup = nil },
    confusion("the momentum is Nesterov's", .shipped("wine"), "type: SGD", "type: Nesterov"),
    confusion("the velocity is not kept", .shipped("iris"), "  momentum: 0.9\n", ""),
    part("labels are shuffled", .shipped("wine")) { file in
      file.data.train.source = FaultySource(file.data.train.source, .shufflesLabels)
    },
    part("inputs are not standardized", .shipped("linear_regression")) { file in
      file.data.train.standardize = false
      file.data.test?.standardize = false
    },
    part("every epoch has the order of the file", .shipped("digits")) {
      $0.data.train.shuffle = false
    },
    part("test data are swapped", .shipped("svm_spiral")) { file in
      guard let test = file.data.test else { return }
      file.data.test?.source = FaultySource(test.source, .swapsInputs)
    },
    confusion(
      "the padding is off by one", .shipped("digits_cnn"),
      "- {name: conv1, type: Convolution, num_output: 32, kernel_size: 3, pad: 1,",
      """
      - {name: pad1, type: Pad, axis: 2, low: [0, 0], high: [2, 2]}
        - {name: conv1, type: Convolution, num_output: 32, kernel_size: 3,
      """),
    confusion("the pooling is of means", .shipped("digits_cnn"), "pool: max", "pool: ave"),
    layer(
      "the gradient of a kernel lies one place too far", .shipped("digits_cnn"), "conv2",
      .parameterGradient(0) { gradient in
        gradient.indices.map { gradient[($0 + 1) % gradient.count] }
      }),
  ]
}
