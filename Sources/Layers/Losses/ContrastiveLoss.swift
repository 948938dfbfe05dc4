package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// L = (1/2N)·Σ y·d² + (1 − y)·max(margin − d, 0)², d = ‖a − b‖
///
/// a and b are [N, …], the features of pairs; y is [N]: 1 where a pair belongs together, 0 or −1 where not. L is a
/// scalar. ∂a = (a − b)/N for pairs that belong together, −(margin − d)/d·(a − b)/N for others nearer than the margin;
/// ∂b = −∂a; the labels have none. Between equal features of different kinds there is no direction: the gradient is 0.
///
/// `legacy_version` takes max(margin − d², 0), as early versions of Caffe did.
///
/// Reference: R. Hadsell, S. Chopra, Y. LeCun, "Dimensionality reduction by learning an invariant mapping", 2006.
package struct ContrastiveLoss: NormalizedLoss {
  var margin = 1.0
  var isLegacy = false

  package init() {}

  package static let reference = Reference(
    "ContrastiveLoss",
    formula: "L = (1/2N)·Σ y·d² + (1 − y)·max(margin − d, 0)², d = ‖a − b‖",
    discussion: """
      Bottoms: the features a and b of pairs [N, …], and labels [N]: 1 where a pair belongs together, 0 or −1 where
      not. Both features get gradients.
      """,
    example: "{name: loss, type: ContrastiveLoss, bottom: [feat, feat_p, label], margin: 1}")

  package static let fields: [Field<ContrastiveLoss>] = [
    .optional(
      "margin", \.margin, marginRange, "The distance that pairs of different kinds shall have."),
    .optional(
      "legacy_version", \.isLegacy, "Takes max(margin − d², 0) of pairs of different kinds."),
  ]

  package var inputCount: ClosedRange<Int> { 3...3 }
  package var normalization: LossNormalization { .batchSize }
  package var constantBottoms: [(bottom: Int, name: String)] { [(2, "labels")] }

  package var sparesExamples: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkPairs() }

  private var form: ContrastForm { ContrastForm(margin: margin, isLegacy: isLegacy) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (a, b, labels, form) = (pass.inputs[0], pass.inputs[1], pass.inputs[2], form)
    let width = pass.inputShapes[0].example.count
    recordStatistics("contrastive loss", pass, &plan) { binding, sums in
      contrastiveLoss(
        binding.floats(a), binding.floats(b), labels: binding.floats(labels), sums: sums, form,
        examples: binding.examples.count, width: width)
    }
  }

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
  /// Features of both of a pair, and a label for each where there is a third.
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

  /// The first two, or all three, hold features of as many examples and values.
  ///
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
