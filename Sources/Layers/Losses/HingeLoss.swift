package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = (1/M)·Σ_j max(0, margin − t_j·s_j), or (1/M)·Σ_{j≠y} max(0, s_j − s_y + margin)
///
/// s (scores) is [N, C, …], and the labels are [N, …]; L is a scalar. M is the divisor of
/// `normalization`.
///
/// The first form compares each class with 0: t_j is 1 for the label's class y and −1 for the
/// others. `form: pairwise` compares each wrong class with the right one, as in the article. With
/// `norm: L2` each term is squared.
///
/// If a score meets the margin exactly, the gradient of its term is 0.
///
/// Reference of the pairwise form: J. Weston, C. Watkins, "Support vector machines for multi-class
/// pattern recognition", 1999.
package struct HingeLoss: NormalizedLoss, ClassScoring {
  /// The scores that a margin separates.
  package enum Form: String, FieldChoice {
    /// Each score and 0.
    case oneAgainstAll = "one_vs_all"
    /// The score of each wrong class and that of the right class.
    case pairwise
  }

  /// The power of the terms.
  package enum Norm: String, FieldChoice {
    /// The terms themselves.
    case first = "L1"
    /// Their squares.
    case second = "L2"
  }

  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// The scores that a margin separates.
  var form = Form.oneAgainstAll
  /// The power of the terms.
  var norm = Norm.first
  /// The margin beyond which a score has no loss.
  var margin = 1.0
  /// The divisor of the sum.
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "HingeLoss",
    formula: "L = (1/M)·Σ_j max(0, margin − t_j·s_j), or (1/M)·Σ_{j≠y} max(0, s_j − s_y + margin)",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. form one_vs_all is Caffe's: t is 1 for the
      label's class, −1 for the others. form pairwise is the article's piecewise linear loss, which
      compares each wrong class with the right one. norm L2 squares the terms.
      """,
    example: "{name: loss, type: HingeLoss, form: pairwise}")

  package static let fields: [Field<HingeLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .optional(
      "form", \.form, "The comparison: each class with 0, or each wrong class with the right one."),
    .optional("norm", \.norm, "The power of the terms: L1 leaves them, L2 squares them."),
    .optional("margin", \.margin, marginRange, "The margin beyond which a score has no loss."),
    .normalization(\.normalization),
  ]

  package var hasFlatRegion: Bool { true }

  /// - Throws: ``ShapeFailure`` if scores and labels do not fit.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
  }

  /// The parameters of the kernels.
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
    let (x, labels, hinge) = (pass.inputs[0], classLabels(pass), hinge)
    recordGradient(
      "hinge loss gradient", ofBottom: 0, reads: pass.inputs, weight, pass, &plan
    ) { binding, scale, dx in
      hingeLossGradient(binding.floats(x), labels(binding), scale, to: dx, hinge)
    }
  }
}

/// The range of a margin.
let marginRange = Constraint<Double>("a number above 0, at most 1000000") { $0 > 0 && $0 <= 1e6 }
