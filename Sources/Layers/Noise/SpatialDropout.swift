package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = m · x / (1 − dropout_ratio) in training, m = 0 or 1 a channel; y = x in tests
///
/// x and y are [N, C, …]. m is 0 with probability `dropout_ratio` and 1 otherwise, drawn for each
/// channel of each example in each step. ∂x = m·∂y / (1 − dropout_ratio).
///
/// Neighbours in an image are correlated, so that dropping single elements removes little
/// information. The layer therefore drops whole channels.
///
/// Forward stores the mask [N, C], and backward reads it.
///
/// Reference: J. Tompson, R. Goroshin, A. Jain, Y. LeCun, C. Bregler, "Efficient object
/// localization using convolutional networks", 2015.
package struct SpatialDropout: Layer {
  /// The probability that a channel is dropped, in [0, 1).
  var ratio = 0.5

  package init() {}

  package static let reference = Reference(
    "SpatialDropout",
    formula: "y = m · x / (1 − dropout_ratio) in training, m = 0 or 1 a channel; y = x in tests",
    discussion: """
      Keeps the shape. Drops whole channels (axis 1) of each example. The kept channels are scaled
      up, so that the test phase needs no factor.
      """,
    example: "{name: drop1, type: SpatialDropout, dropout_ratio: 0.2}")

  package static let fields: [Field<SpatialDropout>] = [
    .optional(
      "dropout_ratio", \.ratio, .within(0..<1), "The probability that a channel is dropped.")
  ]

  package var passesEveryUnit: Bool { true }

  /// - Throws: ``ShapeFailure`` if the bottom has no axis of channels.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2 else { throw ShapeFailure("expected [N, channels, …]") }
    return inputs
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  /// Records the output, and returns the mask. Nil if the layer copies its input.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot? {
    guard pass.phase.draws(ratio) else {
      plan.copy(pass.inputs[0], to: pass.outputs[0])
      return nil
    }
    let (noise, ratio) = (pass.phase.noise, ratio)
    let channels = Shape([pass.inputShapes[0][0], pass.inputShapes[0][1]])
    let mask = plan.batchSlot("mask", channels)
    plan.record("channel mask", reads: [], writes: [mask]) { binding in
      dropout(
        noise.mask(ratio: ratio), of: nil, to: binding.floats(mask),
        LogicalOrder(channels, examples: binding.examples))
    }
    record("dropout", from: pass.inputs[0], by: mask, to: pass.outputs[0], pass, &plan)
    return mask
  }

  package func backward(_ pass: inout BackwardPass, _ mask: Slot?, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    guard let mask else {
      pass.passOn(dy, toInput: 0)
      return
    }
    record("dropout gradient", from: dy, by: mask, to: dx, pass.forward, &plan)
  }

  /// Records x times the mask, channel by channel. Both directions use the same factors.
  private func record(
    _ name: String, from x: Slot, by mask: Slot, to y: Slot, _ pass: ForwardPass,
    _ plan: inout PlanBuilder
  ) {
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    plan.record(name, reads: [x, mask], writes: [y]) { binding in
      channelAffine(
        binding.floats(x), scale: binding.floats(mask), bias: nil, to: binding.floats(y),
        ChannelExtent(
          layout.runs(shape, examples: binding.examples.count), isOfExample: true))
    }
  }
}
