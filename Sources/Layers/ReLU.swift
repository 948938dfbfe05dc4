package import Kernels
package import Plans
package import Tensors
package import YAML

/// y = max(x, 0) + negative_slope · min(x, 0), element by element
///
/// ∂x = ∂y where x > 0, negative_slope · ∂y elsewhere (at 0 too).
///
/// Reference: V. Nair, G. E. Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010; the slope:
/// A. L. Maas, A. Y. Hannun, A. Y. Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
package struct ReLU: Layer {
  var negativeSlope = 0.0

  package init() {}

  package static let reference = Reference(
    "ReLU",
    formula: "y = max(x, 0) + negative_slope · min(x, 0)",
    discussion: """
      Keeps the shape. The slope is not negative: the derivative is taken from the output, which then tells the
      sign of the input. Computed inside the matrix product before it, where there is one.
      """,
    example: "{name: relu1, type: ReLU, negative_slope: 0.1}")

  package static let fields: [Field<ReLU>] = [
    .optional(
      "negative_slope", \.negativeSlope, .within(0...1e6), "Slope for negative inputs.")
  ]

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  private var function: Nonlinearity { .relu(slope: Float(negativeSlope)) }

  package func forward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    plan.nonlinearity(function, from: pass.inputs[0], to: pass.outputs[0])
  }

  package func backward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    plan.nonlinearityGradient(function, pass)
  }
}
