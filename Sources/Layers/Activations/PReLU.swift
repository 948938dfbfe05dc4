package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = max(x, 0) + a · min(x, 0), with a learned slope a for each channel
///
/// x and y are [N, C, …]. a is [C], or [1] with `channel_shared`. ∂x = ∂y where x > 0, and a_c·∂y
/// elsewhere, also at 0. ∂a_c = Σ min(x, 0)·∂y over all elements of channel c in the batch.
///
/// Weight decay pulls the slopes to 0 and thereby turns the layer into a ReLU. The paper advises
/// against weight decay of slopes. `param: [{decay_mult: 0}]` excludes them.
///
/// Reference: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", 2015.
package struct PReLU: Layer {
  /// The initial values of the slopes.
  var filler = FillerField(Constant(value: 0.25))
  /// True if all channels share one slope.
  var isShared = false

  package init() {}

  package static let reference = Reference(
    "PReLU",
    formula: "y = max(x, 0) + a · min(x, 0)",
    discussion: """
      Keeps the shape. Parameter: weight, a slope for each channel (axis 1), or one slope for all
      channels. Weight decay pulls the slopes to 0, which turns the layer into a ReLU. To prevent
      this, write param: [{decay_mult: 0}].
      """,
    example: "{name: prelu1, type: PReLU, param: [{decay_mult: 0}]}")

  package static let fields: [Field<PReLU>] = [
    .optional("filler", \.filler, "Initial values of the slopes."),
    .optional("channel_shared", \.isShared, "Whether all channels share one slope."),
  ]

  /// - Throws: ``ShapeFailure`` if the bottom has no channel and the slope is not shared.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard isShared || inputs[0].rank >= 2 && inputs[0][1] > 0 else {
      throw ShapeFailure("expected [N, channels, …] with at least one channel")
    }
    return inputs
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    [
      ParameterDeclaration(
        "weight", Shape([isShared ? 1 : inputs[0][1]]), filler.value, role: .gain)
    ]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, slopes) = (pass.inputs[0], pass.outputs[0], pass.parameters[0].value)
    let extent = extent(pass)
    plan.record("prelu", reads: [x, slopes], writes: [y]) { binding in
      let x = binding.floats(x)
      return channelSlopes(
        x, wherePositive: x, slopes: binding.floats(slopes), to: binding.floats(y),
        extent(binding.examples.count))
    }
  }

  /// Records ∂a as a sum over the batch, and ∂x. Both read x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let (x, slopes, extent) = (pass.inputs[0], pass.parameters[0].value, extent(pass.forward))
    if let gradient = pass.parameterGradients[0] {
      plan.channelGradient(
        .negativeProduct, dy: dy, x: x, to: gradient, isOfExample: false, extent)
    }
    if let dx = pass.inputGradients[0] {
      plan.record("prelu gradient", reads: [x, dy, slopes], writes: [dx]) { binding in
        channelSlopes(
          binding.floats(dy), wherePositive: binding.floats(x), slopes: binding.floats(slopes),
          to: binding.floats(dx), extent(binding.examples.count))
      }
    }
  }

  /// The arrangement of channels in a slice of `examples` examples. A shared slope has one channel.
  private func extent(_ pass: ForwardPass) -> @Sendable (_ examples: Int) -> ChannelExtent {
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    if isShared {
      return { ChannelExtent(outer: 1, middle: 1, inner: $0 * shape.example.count) }
    }
    return { ChannelExtent(layout.runs(shape, examples: $0)) }
  }
}
