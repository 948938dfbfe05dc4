package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = −Σ w_y·log softmax(x)[y] / Σ w_y, y the label of a position
///
/// x is [N, C, …], and the labels are [N, …] with a class 0 … C−1 for each position; L is a scalar.
/// A second top holds p = softmax(x). ∂x_j = w_y·(p_j − [j = y]) / Σ w_y. The sum covers the whole
/// batch, for any division into slices.
///
/// The second bottom may also hold target probabilities t [N, C, …]. Then L = −Σ_k w_k·t_k·log p_k,
/// averaged over the positions, and ∂x_j = p_j·Σ_k w_k·t_k − w_j·t_j, divided by their number. The
/// divisor `VALID` counts each position once, as in PyTorch. The targets have no gradient.
///
/// With `label_smoothing` ε, the loss of a position is (1−ε)·w_y·(−log p_y) + (ε/C)·Σ_k w_k·(−log
/// p_k), as in PyTorch. Target probabilities become (1−ε)·t_k + ε/C.
///
/// The kernel computes the logarithm from the sum of exponentials. The loss is therefore exact even
/// if the label's probability rounds to 0. Caffe's loss saturates at 87.34, the negated logarithm
/// of the smallest float. `log_floor: 1.17549435e-38` reproduces this limit and does not change the
/// gradient.
///
/// Caffe's divisor is at least 1. Here the divisor is the sum of the weights, even if this sum is
/// below 1. If the sum is 0, the loss is 0.
///
/// Reference of the smoothing: C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna, "Rethinking
/// the Inception architecture for computer vision", 2016.
package struct SoftmaxWithLoss: NormalizedLoss, ClassScoring {
  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// ε, the share of the target that is spread over all classes.
  var smoothing = 0.0
  /// w, a weight for each class. Nil means a weight of 1 for every class.
  var weights: [Double]?
  /// The least probability in a logarithm. 0 gives the exact logarithm.
  var floor = 0.0
  /// The divisor of the sum.
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "SoftmaxWithLoss",
    formula: "L = −Σ w_y·log softmax(x)[y] / Σ w_y",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …], with classes counted from 0, or probabilities of
      the scores' shape, as one_hot and mixup make them. A second top, if the
      file names one, has the probabilities. normalization selects the divisor of the sum over all
      positions. VALID is the sum of the weights of the positions that are not ignored, as in
      PyTorch's mean. With probabilities, each position counts once. FULL is the number of all positions, BATCH_SIZE is N, and NONE is 1. The loss
      is exact. Caffe's loss saturates at 87.3365, as the loss does here with log_floor:
      1.17549435e-38. A floor leaves the gradient unchanged.
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

  package var acceptsProbabilities: Bool { true }

  package var inconsistency: String? { inconsistency(of: weights, "weights") }

  /// The parameters of the kernels.
  private var form: CrossEntropyForm {
    CrossEntropyForm(smoothing: smoothing, weights: weights ?? [], floor: floor)
  }

  /// - Throws: ``ShapeFailure`` if scores and labels do not fit, or if the weights do not fit the
  ///   classes.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try checkTargets(inputs)
    try checkCount(weights ?? [], "weights", inputs[0])
  }

  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] {
    try check(inputs)
    return topCount > 1 ? [.scalar, inputs[0]] : [.scalar]
  }

  /// Records the loss, and returns the slot of the probabilities.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot {
    let (x, form) = (pass.inputs[0], form)
    let p =
      pass.outputs.count > 1
      ? pass.outputs[1] : plan.batchSlot("probabilities", pass.inputShapes[0])
    if readsProbabilities(pass.inputShapes) {
      let targets = classProbabilities(pass)
      recordStatistics("softmax loss", pass, &plan, writes: [p]) { binding, sums in
        crossEntropy(
          binding.floats(x), targets(binding), probabilities: binding.floats(p), sums: sums, form)
      }
    } else {
      let labels = classLabels(pass)
      recordStatistics("softmax loss", pass, &plan, writes: [p]) { binding, sums in
        crossEntropy(
          binding.floats(x), labels(binding), probabilities: binding.floats(p), sums: sums, form)
      }
    }
    return p
  }

  /// Records ∂x from the probabilities that forward kept.
  ///
  /// If another loss depends on the second top, its gradient passes through the softmax and is
  /// added.
  package func backward(
    _ pass: inout BackwardPass, weight: Double, _ p: Slot, _ plan: inout PlanBuilder
  ) {
    guard let dx = pass.inputGradients[0] else { return }
    // A layer that reads the probabilities may lead to another loss.
    let dp = pass.outputGradients.count > 1 ? pass.outputGradients[1] : nil
    let own = dp == nil ? dx : plan.batchSlot("∂scores of labels", pass.inputShapes[0])
    recordGradient(to: own, weight, pass, p, &plan)
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

  /// Records the gradient of the loss for labels or for target probabilities.
  private func recordGradient(
    to gradient: Slot, _ weight: Double, _ pass: BackwardPass, _ p: Slot,
    _ plan: inout PlanBuilder
  ) {
    let (name, form, reads) = ("softmax loss gradient", form, [p, pass.inputs[1]])
    guard readsProbabilities(pass.inputShapes) else {
      let labels = classLabels(pass)
      recordGradient(name, to: gradient, reads: reads, weight, pass, &plan) { binding, scale, dx in
        crossEntropyGradient(
          probabilities: binding.floats(p), labels(binding), scale, to: dx, form)
      }
      return
    }
    let targets = classProbabilities(pass)
    recordGradient(name, to: gradient, reads: reads, weight, pass, &plan) { binding, scale, dx in
      crossEntropyGradient(
        probabilities: binding.floats(p), targets(binding), scale, to: dx, form)
    }
  }
}
