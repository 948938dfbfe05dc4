package import Fields
package import Kernels
package import Plans
package import Tensors

/// y = max(x, 0) + negative_slope · min(x, 0), element by element
///
/// x and y have the same shape, with any axes. ∂x = ∂y where x > 0, and negative_slope · ∂y
/// elsewhere, also at 0.
///
/// If the slope is not negative, y has the sign of x. Backward then reads y, and the plan can fuse
/// the layer with the matrix product before it. With a negative slope backward reads x, and the
/// plan fuses nothing.
///
/// Reference: V. Nair, G. E. Hinton, "Rectified linear units improve restricted Boltzmann
/// machines", 2010. The slope: A. L. Maas, A. Y. Hannun, A. Y. Ng, "Rectifier nonlinearities
/// improve neural network acoustic models", 2013.
package struct ReLU: Layer, Rectifier {
  /// The derivative for negative inputs. 0 gives the usual ReLU.
  var negativeSlope = 0.0

  package init() {}

  package static let reference = Reference(
    "ReLU",
    formula: "y = max(x, 0) + negative_slope · min(x, 0)",
    discussion: """
      Keeps the shape. If the slope is not negative, a matrix product before the layer also computes
      the ReLU.
      """,
    example: "{name: relu1, type: ReLU, negative_slope: 0.1}")

  package static let fields: [Field<ReLU>] = [
    .optional(
      "negative_slope", \.negativeSlope, .within(-1e6...1e6), "The slope for negative inputs.")
  ]

  /// True if the slope is 0: negative inputs then pass neither values nor gradients.
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

  /// Records ∂x from y, or from x if the slope is negative.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    plan.nonlinearityGradient(
      function, pass, from: negativeSlope < 0 ? pass.inputs[0] : pass.outputs[0])
  }
}
