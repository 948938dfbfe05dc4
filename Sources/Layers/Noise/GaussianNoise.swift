package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = x + std · N(0, 1) in training; y = x in tests
///
/// x and y have the same shape, with any axes. ∂x = ∂y, so that backward runs no kernel.
///
/// Each element receives a new random number in each step. It is a pure function of the seed, the
/// layer's name, the step and the element's row-major index in the batch. The numbers are therefore
/// the same in every layout.
///
/// Reference: C. M. Bishop, "Training with noise is equivalent to Tikhonov regularization", 1995.
package struct GaussianNoise: Layer {
  /// The standard deviation of the noise. 0 disables it.
  var deviation = 0.1

  package init() {}

  package static let reference = Reference(
    "GaussianNoise",
    formula: "y = x + std · N(0, 1) in training; y = x in tests",
    discussion: "Keeps the shape. The gradient passes unchanged.",
    example: "{name: noisy, type: GaussianNoise, std: 0.05}")

  package static let fields: [Field<GaussianNoise>] = [
    .optional("std", \.deviation, .within(0...1e6), "The standard deviation of the noise.")
  ]

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, deviation, noise) = (pass.inputs[0], pass.outputs[0], deviation, pass.phase.noise)
    guard pass.phase.draws(deviation) else {
      plan.copy(x, to: y)
      return
    }
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    plan.record("gaussian noise", reads: [x], writes: [y]) { binding in
      addGaussianNoise(
        binding.floats(x), to: binding.floats(y), noise.forKernel.stream,
        step: noise.forKernel.step, deviation: deviation,
        LogicalOrder(shape, layout: layout, examples: binding.examples))
    }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    // ∂x equals ∂y, so that no kernel runs.
    pass.passOn(pass.outputGradients[0], toInput: 0)
  }
}
