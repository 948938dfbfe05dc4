package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = (1/N)·Σ 1 − cos(a, b), or max(cos(a, b) − margin, 0), the first for matching pairs
///
/// a and b are [N, …], the features of pairs. The third bottom is [N]: 1 for a matching pair, and
/// −1 or 0 for a non-matching pair. Without a third bottom all pairs match. L is a scalar. Both
/// features have gradients, and the labels have none.
///
/// cos(a, b) = Σ a·b / √((Σ a² + ε)·(Σ b² + ε)) with ε = 10⁻¹², as in PyTorch's cosine embedding
/// loss.
package struct CosineLoss: NormalizedLoss {
  /// The cosine up to which a non-matching pair has no loss.
  var margin = 0.0

  package init() {}

  package static let reference = Reference(
    "CosineLoss",
    formula: "L = (1/N)·Σ 1 − cos(a, b), or max(cos(a, b) − margin, 0)",
    discussion: """
      Bottoms: the features a and b of pairs [N, …], and labels [N]: 1 for a matching pair, −1 or 0
      for a non-matching pair. Without labels all pairs match. This is PyTorch's cosine embedding
      loss. Both features have gradients.
      """,
    example: "{name: loss, type: CosineLoss, bottom: [feat, feat_p, label], margin: 0.2}")

  package static let fields: [Field<CosineLoss>] = [
    .optional(
      "margin", \.margin, .within(-1...1), "The cosine up to which a non-matching pair has no loss."
    )
  ]

  package var inputCount: ClosedRange<Int> { 2...3 }
  /// The loss is always the mean over the pairs.
  package var normalization: LossNormalization { .batchSize }
  package var constantBottoms: [(bottom: Int, name: String)] { [(2, "labels")] }

  package var hasFlatRegion: Bool { true }

  /// - Throws: ``ShapeFailure`` if the features differ in size, or if the labels do not fit them.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkPairs() }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (a, b, margin) = (pass.inputs[0], pass.inputs[1], margin)
    let labels = pass.inputs.count > 2 ? pass.inputs[2] : nil
    let (width, weights) = (pass.inputShapes[0].example.count, pass.weightReader)
    recordStatistics("cosine loss", pass, &plan) { binding, sums in
      cosineDistance(
        binding.floats(a), binding.floats(b), labels: labels.map(binding.floats), sums: sums,
        margin: margin, examples: binding.examples.count, width: width, weights: weights(binding))
    }
  }

  /// Records ∂a and ∂b. Both use the same kernel, with the bottoms exchanged.
  package func backward(
    _ pass: inout BackwardPass, weight: Double, _: Void, _ plan: inout PlanBuilder
  ) {
    let (margin, width) = (margin, pass.inputShapes[0].example.count)
    let labels = pass.inputs.count > 2 ? pass.inputs[2] : nil
    for bottom in 0...1 {
      let (a, b) = (pass.inputs[bottom], pass.inputs[1 - bottom])
      recordGradient(
        "cosine loss gradient", ofBottom: bottom, reads: pass.inputs, weight, pass, &plan
      ) { binding, scale, gradient in
        cosineDistanceGradient(
          binding.floats(a), binding.floats(b), labels: labels.map(binding.floats), scale,
          to: gradient, margin: margin, examples: binding.examples.count, width: width)
      }
    }
  }
}
