package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// L = (1/N)·Σ max(d(a, p) − d(a, n) + margin, 0)
///
/// a, p and n are [N, …]: the features of an anchor, of an example of its kind, and of one of another; L is a scalar.
/// d is the Euclidean distance, as in PyTorch (without its 10⁻⁶), or its square, as in the paper. All three get
/// gradients, where the sum is above 0; between equal features there is no direction, and the gradient of d is 0.
///
/// Reference: F. Schroff, D. Kalenichenko, J. Philbin, "FaceNet: a unified embedding for face recognition and
/// clustering", 2015.
package struct TripletLoss: NormalizedLoss {
  package enum Distance: String, FieldChoice {
    case euclidean
    case squared
  }

  var margin = 1.0
  var distance = Distance.euclidean

  package init() {}

  package static let reference = Reference(
    "TripletLoss",
    formula: "L = (1/N)·Σ max(d(a, p) − d(a, n) + margin, 0)",
    discussion: """
      Bottoms: the features of anchors, of examples of their kind, and of examples of another, each [N, …]. All three
      get gradients.
      """,
    example: "{name: loss, type: TripletLoss, bottom: [anchor, positive, negative], margin: 0.2}")

  package static let fields: [Field<TripletLoss>] = [
    .optional("margin", \.margin, marginRange, "By how much another kind shall be further away."),
    .optional("distance", \.distance, "The Euclidean distance, or its square."),
  ]

  package var inputCount: ClosedRange<Int> { 3...3 }
  package var normalization: LossNormalization { .batchSize }

  package var sparesExamples: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkFeatures(3) }

  /// How a slice's features are read.
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
    let operands = operands(pass)
    recordStatistics("triplet loss", pass, &plan) { binding, sums in
      tripletLoss(operands(binding), sums: sums)
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
