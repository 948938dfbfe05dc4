package import Fields
package import Kernels
package import Plans
package import Tensors

/// y = tanh x, element by element
///
/// x and y have the same shape, with any axes. ∂x = (1 − y²)·∂y, so that backward reads the output
/// alone. The plan fuses the layer with the matrix product before it, if there is one.
///
/// For large |x| the derivative approaches 0, and layers before it learn slowly. Unlike
/// ``Sigmoid``, the function is odd, so that inputs with mean 0 keep a mean near 0.
package struct TanH: Layer {
  package init() {}

  package static let reference = Reference(
    "TanH",
    formula: "y = tanh x",
    discussion: """
      Keeps the shape. A matrix product before the layer also computes the function.
      """,
    example: "{name: tanh1, type: TanH}")

  package static let fields: [Field<TanH>] = []

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.nonlinearity(.tanh, from: pass.inputs[0], to: pass.outputs[0])
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    plan.nonlinearityGradient(.tanh, pass)
  }
}
