package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y_i = e^(x_i) / Σ_j e^(x_j) along `axis`
///
/// x and y are [N, C, …], and j counts the classes along `axis`. ∂x_i = y_i·(∂y_i − Σ_j y_j·∂y_j).
///
/// The kernel subtracts the greatest x first, so that no exponential overflows. A small probability
/// can still round to 0. ``SoftmaxWithLoss`` computes its logarithm exactly.
///
/// Reference: J. S. Bridle, "Probabilistic interpretation of feedforward classification network
/// outputs", 1990.
package struct Softmax: Layer {
  /// The axis of the classes, at least 1; a negative number counts from the end.
  var axis = 1

  package init() {}

  package static let reference = Reference(
    "Softmax",
    formula: "y_i = e^(x_i) / Σ_j e^(x_j)",
    discussion: """
      Keeps the shape. To train a classifier, use SoftmaxWithLoss, which is exact where a
      probability rounds to 0.
      """,
    example: "{name: prob, type: Softmax}")

  package static let fields: [Field<Softmax>] = [
    .optional("axis", \.axis, "The axis of the classes; negative counts from the end.")
  ]

  package var outputMeaning: OutputMeaning? { .probabilities }

  /// - Throws: ``ShapeFailure`` if `axis` does not name a non-empty axis of an example.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    _ = try inputs[0].classAxis(axis)
    return inputs
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, shape, axis) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0], axis)
    plan.record("softmax", reads: [x], writes: [y]) { binding in
      softmax(
        binding.floats(x), to: binding.floats(y),
        shape.extent(ofAxis: axis, examples: binding.examples.count))
    }
  }

  /// Records ∂x from y and ∂y. The kernel first computes Σ_j y_j·∂y_j along the axis.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let (y, shape, axis) = (pass.outputs[0], pass.outputShapes[0], axis)
    plan.record("softmax gradient", reads: [y, dy], writes: [dx]) { binding in
      softmaxGradient(
        y: binding.floats(y), dy: binding.floats(dy), to: binding.floats(dx),
        shape.extent(ofAxis: axis, examples: binding.examples.count))
    }
  }
}
