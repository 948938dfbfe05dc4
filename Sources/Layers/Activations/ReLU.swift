package import Fields
package import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = max(x, 0) + negative_slope · min(x, 0), element by element
///
/// ∂x = ∂y where x > 0, negative_slope · ∂y elsewhere (at 0 too). The derivative is taken from y, which tells the sign
/// of x where the slope is not negative; with a negative one it is taken from x, and nothing is fused.
///
/// Reference: V. Nair, G. E. Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010; the slope:
/// A. L. Maas, A. Y. Hannun, A. Y. Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
package struct ReLU: Layer, Rectifier {
  var negativeSlope = 0.0

  package init() {}

  package static let reference = Reference(
    "ReLU",
    formula: "y = max(x, 0) + negative_slope · min(x, 0)",
    discussion: """
      Keeps the shape. Computed inside the matrix product before it, where there is one and the slope is not negative.
      """,
    example: "{name: relu1, type: ReLU, negative_slope: 0.1}")

  package static let fields: [Field<ReLU>] = [
    .optional(
      "negative_slope", \.negativeSlope, .within(-1e6...1e6), "Slope for negative inputs.")
  ]

  package var isClosedBelowZero: Bool { negativeSlope == 0 }

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  private var function: Nonlinearity { .relu(slope: Float(negativeSlope)) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, function) = (pass.inputs[0], pass.outputs[0], function)
    guard negativeSlope < 0 else { return plan.nonlinearity(function, from: x, to: y) }
    plan.record(function.description, reads: [x], writes: [y]) { binding in
      let x = binding.floats(x)
      return nonlinearity(function, from: x, to: binding.floats(y), count: x.count)
    }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    plan.nonlinearityGradient(
      function, pass, from: negativeSlope < 0 ? pass.inputs[0] : pass.outputs[0])
  }
}
