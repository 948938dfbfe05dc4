package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = (1/2N)·Σ y·d² + (1 − y)·max(margin − d, 0)², d = ‖a − b‖
///
/// a and b are [N, …], the features of pairs. y is [N]: 1 for a matching pair, and 0 or −1 for a
/// non-matching pair. L is a scalar.
///
/// ∂a = (a − b)/N for matching pairs. For non-matching pairs nearer than the margin, ∂a = −(margin
/// − d)/d·(a − b)/N. Beyond the margin it is 0. ∂b = −∂a, and the labels have no gradient. For a
/// non-matching pair of equal features no direction exists, and the gradient is 0.
///
/// `legacy_version` uses max(margin − d², 0) for non-matching pairs, as in early versions of Caffe.
///
/// Reference: R. Hadsell, S. Chopra, Y. LeCun, "Dimensionality reduction by learning an invariant
/// mapping", 2006.
package struct ContrastiveLoss: NormalizedLoss {
  /// The distance beyond which a non-matching pair has no loss.
  var margin = 1.0
  /// True for the form of early versions of Caffe.
  var isLegacy = false

  package init() {}

  package static let reference = Reference(
    "ContrastiveLoss",
    formula: "L = (1/2N)·Σ y·d² + (1 − y)·max(margin − d, 0)², d = ‖a − b‖",
    discussion: """
      Bottoms: the features a and b of pairs [N, …], and labels [N]: 1 for a matching pair, 0 or −1
      for a non-matching pair. Both features have gradients.
      """,
    example: "{name: loss, type: ContrastiveLoss, bottom: [feat, feat_p, label], margin: 1}")

  package static let fields: [Field<ContrastiveLoss>] = [
    .optional(
      "margin", \.margin, marginRange, "The distance beyond which a non-matching pair has no loss."),
    .optional(
      "legacy_version", \.isLegacy, "Whether to use max(margin − d², 0) for non-matching pairs."),
  ]

  package var inputCount: ClosedRange<Int> { 3...3 }
  /// The loss is always the mean over the pairs.
  package var normalization: LossNormalization { .batchSize }
  package var constantBottoms: [(bottom: Int, name: String)] { [(2, "labels")] }

  package var hasFlatRegion: Bool { true }

  /// - Throws: ``ShapeFailure`` if the features differ in size, or if the labels do not fit them.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkPairs() }

  /// The parameters of the kernels.
  private var form: ContrastiveLossForm { ContrastiveLossForm(margin: margin, isLegacy: isLegacy) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (a, b, labels, form) = (pass.inputs[0], pass.inputs[1], pass.inputs[2], form)
    let (width, weights) = (pass.inputShapes[0].example.count, pass.weightReader)
    recordStatistics("contrastive loss", pass, &plan) { binding, sums in
      contrastiveLoss(
        binding.floats(a), binding.floats(b), labels: binding.floats(labels), sums: sums, form,
        examples: binding.examples.count, width: width, weights: weights(binding))
    }
  }

  /// Records ∂a and ∂b. Both use the same kernel, with the bottoms exchanged.
  package func backward(
    _ pass: inout BackwardPass, weight: Double, _: Void, _ plan: inout PlanBuilder
  ) {
    let (labels, form, width) = (pass.inputs[2], form, pass.inputShapes[0].example.count)
    for bottom in 0...1 {
      let (a, b) = (pass.inputs[bottom], pass.inputs[1 - bottom])
      recordGradient(
        "contrastive loss gradient", ofBottom: bottom, reads: pass.inputs, weight, pass, &plan
      ) { binding, scale, gradient in
        contrastiveLossGradient(
          binding.floats(a), binding.floats(b), labels: binding.floats(labels), scale,
          to: gradient, form, examples: binding.examples.count, width: width)
      }
    }
  }
}

extension [Shape] {
  /// Checks the features of pairs, and the labels if there is a third bottom.
  ///
  /// - Throws: ``ShapeFailure`` with the shapes.
  func checkPairs() throws(ShapeFailure) {
    try checkFeatures()
    guard count > 2 else { return }
    guard self[2].rank >= 1, self[2][0] == self[0][0], self[2].count == self[0][0] else {
      throw ShapeFailure(
        "features \(self[0].description) need labels \(self[0][0]) (one for each pair), received "
          + self[2].description)
    }
  }

  /// Checks that the first bottoms hold features with the same number of examples and values.
  ///
  /// - Parameter operands: the number of bottoms with features.
  /// - Throws: ``ShapeFailure`` with the shapes.
  func checkFeatures(_ operands: Int = 2) throws(ShapeFailure) {
    let features = prefix(operands)
    guard features.allSatisfy({ $0.rank >= 1 && $0[0] == self[0][0] && $0.count == self[0].count })
    else {
      throw ShapeFailure(
        "features \(features.map(\.description).joined(separator: " and ")) differ in size")
    }
  }
}
