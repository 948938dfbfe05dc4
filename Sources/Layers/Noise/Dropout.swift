package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = m · x / (1 − dropout_ratio) in training, m = 0 or 1 at random; y = x in tests
///
/// x and y have the same shape, with any axes. m is 0 with probability `dropout_ratio` and 1
/// otherwise, drawn for each element in each step. The division makes x the expected value of y in
/// both phases. ∂x = m·∂y / (1 − dropout_ratio).
///
/// The mask is a pure function of the seed, the layer's name, the step and the element's row-major
/// index in the batch. It is therefore the same in every layout. Backward draws the mask again, so
/// that no memory holds it.
///
/// Neighbours in an image are correlated. There ``SpatialDropout``, which drops whole channels,
/// removes more information.
///
/// Reference: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout: a
/// simple way to prevent neural networks from overfitting", 2014.
package struct Dropout: Layer {
  /// The probability that an element is dropped, in [0, 1).
  var ratio = 0.5

  package init() {}

  package static let reference = Reference(
    "Dropout",
    formula: "y = m · x / (1 − dropout_ratio) in training, m = 0 or 1 at random; y = x in tests",
    discussion: """
      Keeps the shape. Each element is dropped independently in each step. The kept elements are
      scaled up, so that the test phase needs no factor, as in Caffe.
      """,
    example: "{name: drop1, type: Dropout, dropout_ratio: 0.4}")

  package static let fields: [Field<Dropout>] = [
    .optional(
      "dropout_ratio", \.ratio, .within(0..<1), "The probability that an element is dropped.")
  ]

  package var passesEveryUnit: Bool { true }

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  /// Records the mask in training, and a copy otherwise.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    guard pass.phase.draws(ratio) else {
      plan.copy(pass.inputs[0], to: pass.outputs[0])
      return
    }
    record("dropout", from: pass.inputs[0], to: pass.outputs[0], pass, &plan)
  }

  /// Records the same mask of ∂y, or passes ∂y on.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    guard pass.phase.draws(ratio) else {
      pass.passOn(dy, toInput: 0)
      return
    }
    record("dropout gradient", from: dy, to: dx, pass.forward, &plan)
  }

  /// Records the mask of x. Both directions use the same mask.
  private func record(
    _ name: String, from x: Slot, to y: Slot, _ pass: ForwardPass, _ plan: inout PlanBuilder
  ) {
    let (noise, ratio) = (pass.phase.noise, ratio)
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    plan.record(name, reads: [x], writes: [y]) { binding in
      dropout(
        noise.mask(ratio: ratio), of: binding.floats(x), to: binding.floats(y),
        LogicalOrder(shape, layout: layout, examples: binding.examples))
    }
  }
}
