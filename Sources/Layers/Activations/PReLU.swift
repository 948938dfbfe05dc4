package import Fields
package import Kernels
package import Plans
package import Tensors

/// y = max(x, 0) + a · min(x, 0), with a learned slope a for each channel
///
/// x is [N, C, …]; a is [C], or [1] with `channel_shared`. ∂x = ∂y where x > 0, a_c·∂y elsewhere (at 0 too);
/// ∂a_c = Σ min(x, 0)·∂y over the channel's elements of the batch.
///
/// Reference: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", 2015. It advises against weight decay on
/// the slopes: `param: [{decay_mult: 0}]`.
package struct PReLU: Layer {
  var filler = FillerField(Constant(value: 0.25))
  var isShared = false

  package init() {}

  package static let reference = Reference(
    "PReLU",
    formula: "y = max(x, 0) + a · min(x, 0)",
    discussion: """
      Keeps the shape. Parameter: weight, a slope for each channel (axis 1), or one for all of them. Weight decay
      would pull the slopes to 0, which makes it a ReLU: param: [{decay_mult: 0}] spares them.
      """,
    example: "{name: prelu1, type: PReLU, param: [{decay_mult: 0}]}")

  package static let fields: [Field<PReLU>] = [
    .optional("filler", \.filler, "First values of the slopes."),
    .optional("channel_shared", \.isShared, "One slope for all channels."),
  ]

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
      return ChannelSlopes(
        x, wherePositive: x, slopes: binding.floats(slopes), to: binding.floats(y),
        extent(binding.examples.count))
    }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let (x, slopes, extent) = (pass.inputs[0], pass.parameters[0].value, extent(pass.forward))
    if let gradient = pass.parameterGradients[0] {
      plan.channelGradient(
        .negativeProduct, dy: dy, x: x, to: gradient, isOfExample: false, extent)
    }
    if let dx = pass.inputGradients[0] {
      plan.record("prelu gradient", reads: [x, dy, slopes], writes: [dx]) { binding in
        ChannelSlopes(
          binding.floats(dy), wherePositive: binding.floats(x), slopes: binding.floats(slopes),
          to: binding.floats(dx), extent(binding.examples.count))
      }
    }
  }

  private func extent(_ pass: ForwardPass) -> @Sendable (_ examples: Int) -> ChannelExtent {
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    if isShared {
      return { ChannelExtent(outer: 1, middle: 1, inner: $0 * shape.example.count) }
    }
    return { ChannelExtent(layout.runs(shape, examples: $0)) }
  }
}
