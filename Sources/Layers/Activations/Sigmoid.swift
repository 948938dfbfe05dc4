package import Fields
package import Kernels
package import Plans
package import Tensors

/// y = 1 / (1 + e⁻ˣ), element by element
///
/// x and y have the same shape, with any axes. ∂x = y·(1 − y)·∂y, so that backward reads the output
/// alone. The plan fuses the layer with the matrix product before it, if there is one.
///
/// For large |x| the derivative approaches 0, and layers before it learn slowly. To train
/// independent scores, use ``SigmoidCrossEntropyLoss``, which is exact where y rounds to 0 or 1.
package struct Sigmoid: Layer {
  package init() {}

  package static let reference = Reference(
    "Sigmoid",
    formula: "y = 1 / (1 + e⁻ˣ)",
    discussion: """
      Keeps the shape. A matrix product before the layer also computes the sigmoid.
      """,
    example: "{name: sigmoid1, type: Sigmoid}")

  package static let fields: [Field<Sigmoid>] = []

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.nonlinearity(.sigmoid, from: pass.inputs[0], to: pass.outputs[0])
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    plan.nonlinearityGradient(.sigmoid, pass)
  }
}
