package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = −(1/M)·Σ log max(p[y], log_floor), y the label of a position
///
/// p is [N, C, …] and holds probabilities, and the labels are [N, …]; L is a scalar. M is the
/// divisor of `normalization`. ∂p_y = −1 / (max(p_y, log_floor)·M), and 0 for the other classes.
///
/// The layer suits probabilities that do not come from a softmax. For scores, ``SoftmaxWithLoss``
/// is exact and cheaper.
package struct MultinomialLogisticLoss: NormalizedLoss, ClassScoring {
  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// The least probability in a logarithm. It keeps the loss and the gradient finite.
  var floor = 1e-20
  /// The divisor of the sum.
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "MultinomialLogisticLoss",
    formula: "L = −(1/M)·Σ log max(p[y], log_floor)",
    discussion: """
      Bottoms: probabilities [N, C, …] and labels [N, …]. The mean over all positions. For scores,
      SoftmaxWithLoss is exact and cheaper.
      """,
    example: "{name: loss, type: MultinomialLogisticLoss, bottom: [prob, label]}")

  package static let fields: [Field<MultinomialLogisticLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .logFloor(\.floor),
    .normalization(\.normalization),
  ]

  package var predictionMeaning: OutputMeaning { .probabilities }

  /// - Throws: ``ShapeFailure`` if probabilities and labels do not fit.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (p, labels, floor) = (pass.inputs[0], classLabels(pass), floor)
    recordStatistics("log likelihood", pass, &plan) { binding, sums in
      negativeLogLikelihood(binding.floats(p), labels(binding), sums: sums, floor: floor)
    }
  }

  package func backward(
    _ pass: inout BackwardPass, weight: Double, _: Void, _ plan: inout PlanBuilder
  ) {
    let (p, labels, floor) = (pass.inputs[0], classLabels(pass), floor)
    recordGradient(
      "log likelihood gradient", ofBottom: 0, reads: pass.inputs, weight, pass, &plan
    ) { binding, scale, dp in
      negativeLogLikelihoodGradient(binding.floats(p), labels(binding), scale, to: dp, floor: floor)
    }
  }
}
