package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// L = (1/M)·Σ_j max(0, margin − t_j·s_j), or (1/M)·Σ_{j≠y} max(0, s_j − s_y + margin)
///
/// L = (1/M)·Σ_j max(0, margin − t_j·s_j), t_j = 1 for the label's class y and −1 for the others
///
/// s is [N, C, …], label [N, …]; L is a scalar. With `norm: L2` each term is squared. `form: pairwise` sums
/// max(0, s_j − s_y + margin) over the wrong classes j ≠ y: the article's piecewise linear loss. Where a margin is
/// exactly met the gradient is 0.
///
/// Reference of the pairwise form: J. Weston, C. Watkins, "Support vector machines for multi-class pattern
/// recognition", 1999.
package struct HingeLoss: NormalizedLoss, ClassScoring {
  /// What a margin is taken from.
  package enum Form: String, FieldChoice {
    case oneAgainstAll = "one_vs_all"
    case pairwise
  }

  package enum Norm: String, FieldChoice {
    case first = "L1"
    case second = "L2"
  }

  package var axis = 1
  package var ignoredLabel: Int?
  var form = Form.oneAgainstAll
  var norm = Norm.first
  var margin = 1.0
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "HingeLoss",
    formula: "L = (1/M)·Σ_j max(0, margin − t_j·s_j), or (1/M)·Σ_{j≠y} max(0, s_j − s_y + margin)",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. form one_vs_all is Caffe's: t is 1 for the label's class, −1 for
      the others. form pairwise is the article's piecewise linear loss: each wrong class against the right one. norm
      L2 squares the terms.
      """,
    example: "{name: loss, type: HingeLoss, form: pairwise}")

  package static let fields: [Field<HingeLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .optional("form", \.form, "Each class against 0, or each wrong class against the right one."),
    .optional("norm", \.norm, "The terms as they are, or squared."),
    .optional("margin", \.margin, marginRange, "By how much a score must be right."),
    .normalization(\.normalization),
  ]

  package var sparesExamples: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
  }

  private var hinge: HingeForm {
    HingeForm(
      form == .pairwise ? .pairwise : .oneAgainstAll, isSquared: norm == .second, margin: margin)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, labels, hinge) = (pass.inputs[0], classLabels(pass), hinge)
    recordStatistics("hinge loss", pass, &plan) { binding, sums in
      hingeLoss(binding.floats(x), labels(binding), sums: sums, hinge)
    }
  }

  package func backward(
    _ pass: inout BackwardPass, weight: Double, _: Void, _ plan: inout PlanBuilder
  ) {
    let (x, labels, hinge) = (pass.inputs[0], classLabels(pass.forward), hinge)
    recordGradient(
      "hinge loss gradient", ofBottom: 0, reads: pass.inputs, weight, pass, &plan
    ) { binding, scale, dx in
      hingeLossGradient(binding.floats(x), labels(binding), scale, to: dx, hinge)
    }
  }
}

/// What a margin can be.
let marginRange = Constraint<Double>("a number above 0, at most 1000000") { $0 > 0 && $0 <= 1e6 }
