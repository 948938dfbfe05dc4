package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// L = −Σ w_y·log softmax(x)[y] / Σ w_y, y the label of a position
///
/// x is [N, C, …], label [N, …] with a class 0 … C−1 at each position; L is a scalar, the second top, where the file
/// names one, softmax(x). ∂x_j = w_y·(p_j − [j = y]) / Σ w_y, the sum being the whole batch's, whatever its slices.
///
/// With `label_smoothing` ε a position's loss is (1−ε)·w_y·(−log p_y) + (ε/C)·Σ_k w_k·(−log p_k), as in PyTorch.
/// The logarithm is taken of the sum of exponentials, so the loss of a certain mistake is exact; Caffe's saturates at
/// 87.34, the logarithm of the smallest float: `log_floor: 1.17549435e-38`, which changes no gradient. The sum of weights is not raised to 1, as Caffe does with its count:
/// weights below 1 would not cancel; only where it is 0 the loss is 0.
///
/// Reference of the smoothing: C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna, "Rethinking the Inception
/// architecture for computer vision", 2016.
package struct SoftmaxWithLoss: NormalizedLoss, ClassScoring {
  package var axis = 1
  package var ignoredLabel: Int?
  var smoothing = 0.0
  var weights: [Double]?
  var floor = 0.0
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "SoftmaxWithLoss",
    formula: "L = −Σ w_y·log softmax(x)[y] / Σ w_y",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …], classes counted from 0. A second top, where one is named, has the
      probabilities. normalization divides the sum over all positions: VALID by the weights of those that count (as
      PyTorch's mean), FULL by the number of all positions, BATCH_SIZE by N, NONE by 1. The loss is exact where
      Caffe's saturates at 87.3365, as it does here with log_floor: 1.17549435e-38. A floor leaves the gradient as it is.
      """,
    example: "{name: loss, type: SoftmaxWithLoss, bottom: [ip2, label], label_smoothing: 0.1}")

  package static let fields: [Field<SoftmaxWithLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .optional(
      "label_smoothing", \.smoothing, .within(0...1),
      "The share of the target that is spread over all classes."),
    .classNumbers("weights", \.weights, "A weight for each class. Default: 1 for all."),
    .logFloor(\.floor),
    .normalization(\.normalization),
  ]

  package var inconsistency: String? { inconsistency(of: weights, "weights") }

  private var form: CrossEntropyForm {
    CrossEntropyForm(smoothing: smoothing, weights: weights ?? [], floor: floor)
  }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
    try checkCount(weights ?? [], "weights", inputs[0])
  }

  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] {
    try check(inputs)
    return topCount > 1 ? [.scalar, inputs[0]] : [.scalar]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot {
    let (x, labels, form) = (pass.inputs[0], classLabels(pass), form)
    let p =
      pass.outputs.count > 1
      ? pass.outputs[1] : plan.batchSlot("probabilities", pass.inputShapes[0])
    recordStatistics("softmax loss", pass, &plan, writes: [p]) { binding, sums in
      CrossEntropy(
        binding.floats(x), labels(binding), probabilities: binding.floats(p), sums: sums, form)
    }
    return p
  }

  package func backward(
    _ pass: inout BackwardPass, weight: Double, _ p: Slot, _ plan: inout PlanBuilder
  ) {
    guard let dx = pass.inputGradients[0] else { return }
    let (labels, form) = (classLabels(pass.forward), form)
    // What reads the probabilities may lead to a loss of its own.
    let dp = pass.outputGradients.count > 1 ? pass.outputGradients[1] : nil
    let own = dp == nil ? dx : plan.batchSlot("∂scores of labels", pass.inputShapes[0])
    recordGradient(
      "softmax loss gradient", to: own, reads: [p, pass.inputs[1]], weight, pass, &plan
    ) { binding, scale, dx in
      CrossEntropyGradient(
        probabilities: binding.floats(p), labels(binding), scale, to: dx, form)
    }
    guard let dp else { return }
    let (shape, axis) = (pass.inputShapes[0], axis)
    let through = plan.batchSlot("∂scores of probabilities", shape)
    plan.record("softmax gradient", reads: [p, dp], writes: [through]) { binding in
      softmaxGradient(
        y: binding.floats(p), dy: binding.floats(dp), to: binding.floats(through),
        shape.extent(ofAxis: axis, examples: binding.examples.count))
    }
    plan.sum([own, through], to: dx)
  }
}

extension [Shape] {
  /// The first is [N, C, …] with the classes along `axis`, the second the same without that axis: class labels.
  ///
  /// - Throws: ``ShapeFailure`` with both shapes.
  func checkClassLabels(axis: Int) throws(ShapeFailure) {
    let (scores, labels) = (self[0], self[1])
    let axis = try scores.classAxis(axis)
    let expected = Shape([Int](scores.axes[..<axis] + scores.axes[(axis + 1)...]))
    guard labels.count == expected.count, labels.rank >= 1, labels[0] == scores[0] else {
      throw ShapeFailure(
        "scores \(scores.description) need labels \(expected.description) (one class for each position), received "
          + labels.description)
    }
  }
}
