package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = −(1/M)·Σ α_y·(1 − p_y)^γ·log p_y, p = softmax x, y the label of a position
///
/// x is [N, C, …], and the labels are [N, …]; L is a scalar. M is the divisor of `normalization`.
/// ∂x_j = α_y·(γ·p_y·(1−p_y)^(γ−1)·log p_y − (1−p_y)^γ)·([j=y] − p_j) / M.
///
/// Positions that are already classified well count less. A greater γ strengthens this effect, and
/// γ = 0 gives the cross entropy.
///
/// With two classes this is the paper's loss, where the sigmoid of x_1 − x_0 is the probability of
/// class 1. The paper's α = 0.25 is `alpha: [0.75, 0.25]`.
///
/// Reference: T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár, "Focal loss for dense object
/// detection", 2017.
package struct FocalLoss: NormalizedLoss, ClassScoring {
  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// γ, the exponent.
  var gamma = 2.0
  /// α, a factor for each class. Nil means a factor of 1 for every class.
  var alpha: [Double]?
  /// The divisor of the sum.
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "FocalLoss",
    formula: "L = −(1/M)·Σ α_y·(1 − p_y)^γ·log p_y, p = softmax x",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. Positions that are already classified well count
      less; gamma 0 is the cross entropy. alpha has a factor for each class. The divisor of the mean
      counts positions and ignores their factors.
      """,
    example: "{name: loss, type: FocalLoss, gamma: 2, alpha: [0.25, 0.75, 0.75]}")

  package static let fields: [Field<FocalLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .optional("gamma", \.gamma, .within(0...100), "The exponent γ of 1 − p."),
    .classNumbers("alpha", \.alpha, "A factor for each class. Default: 1 for all."),
    .normalization(\.normalization),
  ]

  package var inconsistency: String? { inconsistency(of: alpha, "alpha") }

  /// - Throws: ``ShapeFailure`` if scores and labels do not fit, or if alpha does not fit the
  ///   classes.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
    try checkCount(alpha ?? [], "alpha", inputs[0])
  }

  /// Records the loss, and returns the slot of the probabilities.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot {
    let (x, labels, gamma, alpha) = (pass.inputs[0], classLabels(pass), gamma, alpha ?? [])
    let p = plan.batchSlot("probabilities", pass.inputShapes[0])
    recordStatistics("focal loss", pass, &plan, writes: [p]) { binding, sums in
      focalEntropy(
        binding.floats(x), labels(binding), probabilities: binding.floats(p), sums: sums,
        gamma: gamma, alpha: alpha)
    }
    return p
  }

  /// Records ∂x from the probabilities that forward kept.
  package func backward(
    _ pass: inout BackwardPass, weight: Double, _ p: Slot, _ plan: inout PlanBuilder
  ) {
    let (labels, gamma, alpha) = (classLabels(pass), gamma, alpha ?? [])
    recordGradient(
      "focal loss gradient", ofBottom: 0, reads: [p, pass.inputs[1]], weight, pass, &plan
    ) { binding, scale, dx in
      focalEntropyGradient(
        probabilities: binding.floats(p), labels(binding), scale, to: dx, gamma: gamma,
        alpha: alpha)
    }
  }
}
