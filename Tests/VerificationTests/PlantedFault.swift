import DataSources
import Fields
import Foundation
import Layers
import ModelFiles
import Oracles
import RunOracles
import Runs
import Solvers
import Testing
import Training
import Verification
import YAML

/// Models whose sound variants are recorded.
enum SoundModel: Sendable, Equatable {
  /// Momentum, decay, a rate in steps, and a short last batch.
  case perceptron
  /// Adam with warm-up, averages, two batches per update, and standardized inputs.
  case adam
  /// Images: convolution, batch normalization, pooling, dropout.
  case images
  /// A model of the folder `models`, with the record beside it.
  case shipped(String)

  /// The models that the tests record.
  static let own: [SoundModel] = [.perceptron, .adam, .images]

  var name: String {
    if case .shipped(let name) = self { name } else { "\(self)" }
  }

  var path: String {
    guard case .shipped(let name) = self else { return "model.yaml" }
    let tests = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(tests)/models/\(name).yaml"
  }

  func text() throws -> String {
    switch self {
    case .shipped: try String(contentsOfFile: path, encoding: .utf8)
    case .perceptron:
      """
      name: perceptron
      data:
        train: {source: spiral, points_per_class: 20, batch_size: 16}
        test: {source: spiral, points_per_class: 10, batch_size: 30}
      network:
        - {name: ip1, type: Linear, num_output: 12, weight_filler: {type: xavier}}
        - {name: relu1, type: ReLU}
        - {name: ip2, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
      solver:
        type: SGD
        base_lr: 0.5
        momentum: 0.9
        momentum_form: pytorch
        weight_decay: 0.01
        lr_policy: {type: step, stepsize: 6, gamma: 0.5}
        clip_gradients: 0.3
        max_epochs: 10
        shards: 1
      """
    case .adam:
      """
      name: adam
      data:
        train: {source: blobs, points_per_class: 32, class_count: 3, features: 4, batch_size: 16,
                standardize: true}
        test: {source: blobs, points_per_class: 10, class_count: 3, features: 4, batch_size: 30}
      network:
        - {name: ip1, type: Linear, num_output: 12}
        - {name: tanh1, type: TanH}
        - {name: ip2, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
      solver:
        type: Adam
        base_lr: 0.05
        delta: 0.00000001
        weight_decay: 0.05
        lr_policy: cosine
        warmup: {length: 10, start_factor: 0.1}
        iter_size: 2
        ema: 0.8
        max_epochs: 10
        shards: 1
      """
    case .images:
      """
      name: images
      data:
        train: {source: generated_images, channels: 2, height: 8, width: 8, class_count: 3,
                images_per_class: 16, batch_size: 12}
        test: {source: generated_images, channels: 2, height: 8, width: 8, class_count: 3,
               images_per_class: 8, batch_size: 24}
      network:
        - {name: conv1, type: Convolution, num_output: 4, kernel_size: 3, pad: 1}
        - {name: bn1, type: BatchNorm, eps: 0.00001, moving_average_fraction: 0.9}
        - {name: relu1, type: ReLU}
        - {name: pool1, type: Pooling, pool: max, kernel_size: 2, stride: 2}
        - {name: drop1, type: Dropout, dropout_ratio: 0.25}
        - {name: ip2, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: accuracy, type: Accuracy, phase: test}
      solver:
        type: SGD
        base_lr: 0.1
        momentum: 0.9
        max_epochs: 6
        shards: 1
      """
    }
  }

  /// The model for recording.
  func variant() throws -> PreparedModel { try prepared(try text(), path: path) }

  func record() throws -> Record {
    if case .shipped = self { return try Record(path: Record.path(ofModel: path)) }
    return try RecordedTraining(try variant(), options: .oneThread).run(
      tolerance: Record.standardTolerance
    ).record
  }
}

/// A mistake that dlrun could make, built as a variant of a sound model.
struct PlantedFault: Sendable, CustomTestStringConvertible {
  let name: String
  let model: SoundModel
  /// True when another arithmetic may differ as much.
  var isWithinTolerance = false
  /// The model that the faulty program would train.
  let plant: @Sendable (SoundModel) throws -> PreparedModel

  var testDescription: String { "\(model.name): \(name)" }

  /// The fault replaces a part of the program.
  static func part(
    _ name: String, _ model: SoundModel, _ change: @escaping @Sendable (inout ModelFile) -> Void
  ) -> PlantedFault {
    PlantedFault(name: name, model: model) { sound in
      var file = try sound.variant().file
      change(&file)
      return try PreparedModel(file)
    }
  }

  /// The fault confuses two settings, which a model file can express.
  static func confusion(
    _ name: String, _ model: SoundModel, _ stated: String, _ taken: String,
    isWithinTolerance: Bool = false
  ) -> PlantedFault {
    PlantedFault(name: name, model: model, isWithinTolerance: isWithinTolerance) { sound in
      let text = try sound.text()
      try #require(text.contains(stated), "\(stated)")
      return try prepared(text.replacing(stated, with: taken), path: sound.path)
    }
  }

  static func layer(
    _ name: String, _ model: SoundModel, _ layer: String, _ fault: FaultyLayer.Fault
  ) -> PlantedFault {
    part(name, model) { file in
      guard let index = file.network.firstIndex(where: { $0.name == layer }) else {
        preconditionFailure("no layer '\(layer)'")
      }
      file.network[index].layer = FaultyLayer(file.network[index].layer, fault)
    }
  }

  static func solver(
    _ name: String, _ model: SoundModel, _ fault: FaultySolver.Fault
  ) -> PlantedFault {
    part(name, model) { $0.solver.solver = FaultySolver($0.solver.solver, fault) }
  }

  static let layers: [PlantedFault] = [
    layer(
      "the gradient of a weight has the other sign", .perceptron, "ip1",
      .parameterGradient(0) { $0.map { -$0 } }),
    layer(
      "the gradient of a weight is 5 % too large", .perceptron, "ip2",
      .parameterGradient(0) { $0.map { 1.05 * $0 } }),
    layer(
      "the gradient of a bias is missing", .perceptron, "ip1",
      .parameterGradient(1) { $0.map { _ in 0 } }),
    layer(
      "the greatest element of a gradient is missing", .perceptron, "ip2",
      .parameterGradient(0) { gradient in
        let greatest = gradient.map { $0.magnitude }.max() ?? 0
        return gradient.map { $0.magnitude == greatest ? 0 : $0 }
      }),
    layer(
      "the gradient of an input has the other sign", .perceptron, "ip2",
      .inputGradient { $0.map { -$0 } }),
    layer("ReLU passes every gradient on", .perceptron, "relu1", .passesGradient),
    layer("TanH passes the gradient on", .adam, "tanh1", .passesGradient),
    layer(
      "the gradient of a kernel lies one place too far", .images, "conv1",
      .parameterGradient(0) { gradient in
        gradient.indices.map { gradient[($0 + 1) % gradient.count] }
      }),
    layer("running statistics are not updated", .images, "bn1", .forgetsStatistics),
    layer(
      "BatchNorm's gradient leaves out what the batch has in common", .images, "bn1",
      .passesGradient),
    layer(
      "what dropout keeps is not scaled up", .images, "drop1", .output { $0.map { 0.75 * $0 } }),
    part("the loss's gradient is not divided by the batch", .images) { file in
      guard let index = file.network.firstIndex(where: { $0.name == "loss" }),
        let loss = file.network[index].layer.kind.loss
      else { return }
      file.network[index].layer = FaultyLoss(loss) { $0.map { 12 * $0 } }
    },
  ]

  static let solvers: [PlantedFault] = [
    solver("updates climb", .perceptron, .climbs),
    solver("the decay has the other sign", .perceptron, .wrongDecay),
    solver("Adam's means are not corrected", .adam, .noCorrection),
    solver("gradients of two batches are not divided by two", .adam, .sumsBatches(2)),
    part("the learning rate comes one iteration late", .perceptron) { file in
      file.solver.policy.value = LatePolicy(file.solver.policy.value, by: 1)
    },
    part("the cosine comes one iteration late", .adam) { file in
      file.solver.policy.value = LatePolicy(file.solver.policy.value, by: 1)
    },
    part("the warm-up is left out", .adam) { $0.solver.warmup = nil },
    part("gradients are not clipped", .perceptron) { $0.solver.clipGradients = nil },
    part("the decay is left out", .adam) { $0.solver.weightDecay = 0 },
    part("tests do not take the averages", .adam) { $0.solver.averageKept = nil },
    confusion(
      "the rate enters the velocity", .perceptron, "momentum_form: pytorch",
      "momentum_form: caffe"),
    confusion("the velocity is not kept", .perceptron, "  momentum: 0.9\n", ""),
    confusion("the momentum is Nesterov's", .images, "type: SGD", "type: Nesterov"),
    confusion("the decay is decoupled", .adam, "type: Adam\n", "type: AdamW\n"),
    confusion(
      "Adam's ε is a thousand times too large", .adam, "delta: 0.00000001", "delta: 0.00001"),
  ]

  static let data: [PlantedFault] = [
    part("labels are shuffled", .perceptron) { file in
      file.data.train.source = FaultySource(file.data.train.source, .shufflesLabels)
    },
    part("inputs change places", .images) { file in
      file.data.train.source = FaultySource(file.data.train.source, .swapsInputs)
    },
    part("every epoch has the order of the file", .perceptron) { $0.data.train.shuffle = false },
    part("inputs are not standardized", .adam) { file in
      file.data.train.standardize = false
      file.data.test?.standardize = false
    },
    part("test data are swapped", .images) { file in
      guard let test = file.data.test else { return }
      file.data.test?.source = FaultySource(test.source, .swapsInputs)
    },
    confusion(
      "a fan of the filler is another", .perceptron, "weight_filler: {type: xavier}",
      "weight_filler: {type: xavier, variance_norm: FAN_OUT}"),
  ]

  static let images: [PlantedFault] = [
    confusion(
      "the padding is off by one", .images,
      "- {name: conv1, type: Convolution, num_output: 4, kernel_size: 3, pad: 1}",
      """
      - {name: pad1, type: Pad, axis: 2, low: [0, 0], high: [2, 2]}
        - {name: conv1, type: Convolution, num_output: 4, kernel_size: 3}
      """),
    confusion("the pooling is of means", .images, "pool: max", "pool: ave"),
    confusion(
      "running statistics keep the wrong part", .images, "moving_average_fraction: 0.9",
      "moving_average_fraction: 0.1"),
    confusion(
      "ε of BatchNorm is missing", .images, "eps: 0.00001", "eps: 1e-30",
      isWithinTolerance: true),
    confusion(
      "dropout drops what it is to keep", .images, "dropout_ratio: 0.25",
      "dropout_ratio: 0.75"),
  ]

  static let all = layers + solvers + data + images + shipped
}
