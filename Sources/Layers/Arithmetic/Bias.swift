package import Fields
package import Kernels
package import Plans
package import Tensors

/// y = x + b, b broadcast along the axes that it does not span
///
/// One bottom: b is learned, of the shape of `num_axes` axes from `axis` on. ∂x = ∂y; ∂b = Σ ∂y over all elements that
/// share the number. Two bottoms: b is the second, of the shape of the first axes of the first; ∂b likewise.
///
/// As in ``Scale``, `axis` is from 1 on with one bottom, and 0 with two.
package struct Bias: Layer {
  var axis = 1
  var axisCount = 1
  var filler = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Bias",
    formula: "y = x + b",
    discussion: """
      Keeps the shape. One bottom: parameter bias, of the shape of num_axes axes from axis on (num_axes 0: one
      number for all; -1: all axes from axis on). Two bottoms, with axis 0: b is the second, having the shape of
      the first axes of x, such as [N, C] beside [N, C, H, W]. Fields and defaults are Caffe's.
      """,
    example: "{name: bias1, type: Bias, filler: {type: constant, value: 0.1}}")

  package static let fields: [Field<Bias>] = [
    .optional(
      "axis", \.axis, "The first axis that the numbers span; negative counts from the end."),
    .optional(
      "num_axes", \.axisCount, .atLeast(-1),
      "How many axes they span; -1: all from axis on, 0: none. Unused with two bottoms."),
    .optional("filler", \.filler, "First values of the bias."),
  ]

  package var idleFields: [IdleField] { axes.idleFields }

  package func idleFields(bottomCount: Int) -> [IdleField] {
    axes.idleFields(bottomCount: bottomCount)
  }

  package var inputCount: ClosedRange<Int> { 1...2 }

  private var axes: SpannedAxes { SpannedAxes(axis: axis, count: axisCount) }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    _ = try axes.range(inputs)
    return [inputs[0]]
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { axes.layouts(inputs, given: given) }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    guard inputs.count == 1 else { return [] }
    return [ParameterDeclaration("bias", axes.parameterShape(inputs[0]), filler.value, role: .bias)]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, extent) = (pass.inputs[0], pass.outputs[0], extent(pass))
    let bias = pass.inputs.count > 1 ? pass.inputs[1] : pass.parameters[0].value
    plan.record("bias", reads: [x, bias], writes: [y]) { binding in
      ChannelAffine(
        binding.floats(x), scale: nil, bias: binding.floats(bias), to: binding.floats(y),
        extent(binding.examples.count))
    }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let isOfExample = pass.inputs.count > 1
    let gradient = isOfExample ? pass.inputGradients[1] : pass.parameterGradients[0]
    if let gradient {
      plan.channelGradient(
        .gradient, dy: dy, x: dy, to: gradient, isOfExample: isOfExample, extent(pass.forward))
    }
    // ∂x is ∂y: no kernel runs.
    pass.passOn(dy, toInput: 0)
  }

  private func extent(_ pass: ForwardPass) -> @Sendable (_ examples: Int) -> ChannelExtent {
    let (axes, shapes, layout) = (axes, pass.inputShapes, pass.inputLayouts[0])
    return { axes.extent(shapes, layout, examples: $0) }
  }
}
