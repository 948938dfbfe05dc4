package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = (1/N)·Σ max(d(a, p) − d(a, n) + margin, 0)
///
/// a, p and n are [N, …]: the features of an anchor, of an example of the same class, and of an
/// example of another class. L is a scalar.
///
/// d is the Euclidean distance, or its square as in the paper. PyTorch adds 10⁻⁶ to each difference
/// of features; here nothing is added. All three bottoms have gradients if the sum is above 0.
/// Between equal features no direction exists, and the gradient of d is 0.
///
/// Reference: F. Schroff, D. Kalenichenko, J. Philbin, "FaceNet: a unified embedding for face
/// recognition and clustering", 2015.
package struct TripletLoss: NormalizedLoss {
  /// The distance d between features.
  package enum Distance: String, FieldChoice {
    /// ‖a − b‖.
    case euclidean
    /// ‖a − b‖².
    case squared
  }

  /// The difference of distances beyond which a triplet has no loss.
  var margin = 1.0
  /// The distance between features.
  var distance = Distance.euclidean

  package init() {}

  package static let reference = Reference(
    "TripletLoss",
    formula: "L = (1/N)·Σ max(d(a, p) − d(a, n) + margin, 0)",
    discussion: """
      Bottoms: the features of anchors, of examples of the same class, and of examples of another
      class, each [N, …]. All three have gradients.
      """,
    example: "{name: loss, type: TripletLoss, bottom: [anchor, positive, negative], margin: 0.2}")

  package static let fields: [Field<TripletLoss>] = [
    .optional(
      "margin", \.margin, marginRange,
      "The difference of distances beyond which a triplet has no loss."),
    .optional("distance", \.distance, "The Euclidean distance, or its square."),
  ]

  package var inputCount: ClosedRange<Int> { 3...3 }
  /// The loss is always the mean over the triplets.
  package var normalization: LossNormalization { .batchSize }

  package var hasFlatRegion: Bool { true }

  /// - Throws: ``ShapeFailure`` if the three bottoms differ in size.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkFeatures(3) }

  /// Returns a reader of the features of a slice.
  private func operands(_ pass: ForwardPass) -> @Sendable (Binding) -> TripletOperands {
    let (inputs, margin, isSquared) = (pass.inputs, margin, distance == .squared)
    let width = pass.inputShapes[0].example.count
    return { binding in
      TripletOperands(
        inputs.map(binding.floats), margin: margin, isSquared: isSquared,
        examples: binding.examples.count, width: width)
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (operands, weights) = (operands(pass), pass.weightReader)
    recordStatistics("triplet loss", pass, &plan) { binding, sums in
      tripletLoss(operands(binding), sums: sums, weights: weights(binding))
    }
  }

  package func backward(
    _ pass: inout BackwardPass, weight: Double, _: Void, _ plan: inout PlanBuilder
  ) {
    let operands = operands(pass.forward)
    for bottom in 0...2 {
      recordGradient(
        "triplet loss gradient", ofBottom: bottom, reads: pass.inputs, weight, pass, &plan
      ) { binding, scale, gradient in
        tripletLossGradient(operands(binding), scale, of: bottom, to: gradient)
      }
    }
  }
}
