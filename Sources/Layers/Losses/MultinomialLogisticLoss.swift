package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// L = −(1/M)·Σ log max(p[y], log_floor), y the label of a position
///
/// p is [N, C, …] and holds probabilities, label is [N, …]; L is a scalar. ∂p_y = −1 / (max(p_y, log_floor)·M), and 0
/// for the other classes.
///
/// For probabilities that something else than a softmax makes; of scores SoftmaxWithLoss is exact and cheaper.
package struct MultinomialLogisticLoss: NormalizedLoss, ClassScoring {
  package var axis = 1
  package var ignoredLabel: Int?
  var floor = 1e-20
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "MultinomialLogisticLoss",
    formula: "L = −(1/M)·Σ log max(p[y], log_floor)",
    discussion: """
      Bottoms: probabilities [N, C, …] and labels [N, …]. The mean over all positions. Of scores, SoftmaxWithLoss is
      exact and cheaper.
      """,
    example: "{name: loss, type: MultinomialLogisticLoss, bottom: [prob, label]}")

  package static let fields: [Field<MultinomialLogisticLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .logFloor(\.floor),
    .normalization(\.normalization),
  ]

  package var predictionMeaning: OutputMeaning { .probabilities }

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
    let (p, labels, floor) = (pass.inputs[0], classLabels(pass.forward), floor)
    recordGradient(
      "log likelihood gradient", ofBottom: 0, reads: pass.inputs, weight, pass, &plan
    ) { binding, scale, dp in
      negativeLogLikelihoodGradient(binding.floats(p), labels(binding), scale, to: dp, floor: floor)
    }
  }
}
