package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = x + b, b broadcast along the axes that it does not span
///
/// With one bottom, b is a parameter. It has the extents of `num_axes` axes of x, beginning with
/// `axis`. ∂x = ∂y, and ∂b holds, for each number of b, the sum of ∂y over all elements to which
/// the layer adds this number.
///
/// With two bottoms, b is the second. It has the shape of the first axes of x, such as [N, C]
/// beside [N, C, H, W]. Its gradient is the same sum, for each example separately.
///
/// As in ``Scale``, `axis` is at least 1 with one bottom, and 0 with two.
package struct Bias: Layer {
  /// The first axis that b spans; a negative number counts from the end.
  var axis = 1
  /// The number of axes that b spans. −1 stands for all axes from `axis` on, and 0 for a single
  /// number.
  var axisCount = 1
  /// The initial values of a learned b.
  var filler = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Bias",
    formula: "y = x + b",
    discussion: """
      Keeps the shape. With one bottom, b is the parameter bias. It spans num_axes axes of x from
      axis on: 0 gives one number for all elements, and -1 spans all axes from axis on. With two
      bottoms and axis 0, b is the second bottom. It has the first axes of x, such as [N, C] beside
      [N, C, H, W]. Fields and defaults are Caffe's.
      """,
    example: "{name: bias1, type: Bias, filler: {type: constant, value: 0.1}}")

  package static let fields: [Field<Bias>] = [
    .optional(
      "axis", \.axis, "The first axis that the numbers span; negative counts from the end."),
    .optional(
      "num_axes", \.axisCount, .atLeast(-1),
      "The number of spanned axes; -1: all from axis on, 0: none. Unused with two bottoms."),
    .optional("filler", \.filler, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { axes.idleFields }

  package func idleFields(bottomCount: Int) -> [IdleField] {
    axes.idleFields(bottomCount: bottomCount)
  }

  package var inputCount: ClosedRange<Int> { 1...2 }

  /// The axes that b spans, checked against the bottoms.
  private var axes: SpannedAxes { SpannedAxes(axis: axis, count: axisCount) }

  /// - Throws: ``ShapeFailure`` if the axes do not fit the bottoms; see ``SpannedAxes``.
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
      channelAffine(
        binding.floats(x), scale: nil, bias: binding.floats(bias), to: binding.floats(y),
        extent(binding.examples.count))
    }
  }

  /// Records ∂b, and passes ∂y on as ∂x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let isOfExample = pass.inputs.count > 1
    let gradient = isOfExample ? pass.inputGradients[1] : pass.parameterGradients[0]
    if let gradient {
      plan.channelGradient(
        .gradient, dy: dy, x: dy, to: gradient, isOfExample: isOfExample, extent(pass.forward))
    }
    // ∂x equals ∂y, so that no kernel runs.
    pass.passOn(dy, toInput: 0)
  }

  /// The position of each number of b in a slice of `examples` examples.
  private func extent(_ pass: ForwardPass) -> @Sendable (_ examples: Int) -> ChannelExtent {
    let (axes, shapes, layout) = (axes, pass.inputShapes, pass.inputLayouts[0])
    return { axes.extent(shapes, layout, examples: $0) }
  }
}
