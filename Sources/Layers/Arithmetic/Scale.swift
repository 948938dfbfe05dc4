package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = s · x (+ b), s and b broadcast along the axes that they do not span
///
/// With one bottom, s and b are parameters. They have the extents of `num_axes` axes of x,
/// beginning with `axis`. By default this is [C]: one number for each channel of [N, C, H, W]. ∂x =
/// s·∂y. The sums ∂s = Σ x·∂y and ∂b = Σ ∂y cover all elements that use the same number.
///
/// With two bottoms, s is the second. It has the shape of the first axes of x, and its gradient is
/// the same sum.
///
/// A parameter never spans the axis of the examples, and a second bottom always does. Therefore
/// `axis` is at least 1 with one bottom, and 0 with two.
package struct Scale: Layer {
  /// The first axis that the numbers span; a negative number counts from the end.
  var axis = 1
  /// The number of axes that the numbers span. −1 stands for all axes from `axis` on, and 0 for a
  /// single number.
  var axisCount = 1
  /// The initial values of a learned s.
  var filler = FillerField(Constant(value: 1))
  /// True if the layer adds a learned b. Requires a single bottom.
  var hasBias = false
  /// The initial values of b.
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Scale",
    formula: "y = s · x (+ b)",
    discussion: """
      Keeps the shape. With one bottom, s is the parameter weight, and bias_term adds the parameter
      bias. Both span num_axes axes of x from axis on: 0 gives one number for all elements, and -1
      spans all axes from axis on. With two bottoms and axis 0, s is the second bottom. It has the
      first axes of x, such as [N, C] beside [N, C, H, W]. Fields and defaults are Caffe's.
      """,
    example: "{name: scale1, type: Scale, bias_term: true}")

  package static let fields: [Field<Scale>] = [
    .optional(
      "axis", \.axis, "The first axis that the numbers span; negative counts from the end."),
    .optional(
      "num_axes", \.axisCount, .atLeast(-1),
      "The number of spanned axes; -1: all from axis on, 0: none. Unused with two bottoms."),
    .optional("filler", \.filler, "Initial values of the factors."),
    .optional("bias_term", \.hasBias, "Whether to add a learned bias of the same shape."),
    .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { axes.idleFields + .biasFiller(hasBias) }

  package func idleFields(bottomCount: Int) -> [IdleField] {
    axes.idleFields(bottomCount: bottomCount)
  }

  package var inputCount: ClosedRange<Int> { 1...2 }

  /// The axes that the numbers span, checked against the bottoms.
  private var axes: SpannedAxes { SpannedAxes(axis: axis, count: axisCount) }

  /// - Throws: ``ShapeFailure`` if the axes do not fit the bottoms, or if `bias_term` is combined
  ///   with two bottoms.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    _ = try axes.range(inputs)
    if inputs.count > 1, hasBias {
      throw ShapeFailure(
        "bias_term: with two bottoms each example would have its own bias, but all examples share "
          + "the parameters; expected a layer of type Bias after this layer")
    }
    return [inputs[0]]
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { axes.layouts(inputs, given: given) }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    guard inputs.count == 1 else { return [] }
    let shape = axes.parameterShape(inputs[0])
    let weight = ParameterDeclaration("weight", shape, filler.value, role: .gain)
    return hasBias
      ? [weight, ParameterDeclaration("bias", shape, biasFiller.value, role: .bias)] : [weight]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, extent) = (pass.inputs[0], pass.outputs[0], extent(pass))
    let scale = pass.inputs.count > 1 ? pass.inputs[1] : pass.parameters[0].value
    let bias = hasBias ? pass.parameters[1].value : nil
    let reads = [x, scale] + (bias.map { [$0] } ?? [])
    plan.record("scale", reads: reads, writes: [y]) { binding in
      channelAffine(
        binding.floats(x), scale: binding.floats(scale), bias: bias.map(binding.floats),
        to: binding.floats(y), extent(binding.examples.count))
    }
  }

  /// Records ∂s, ∂b and ∂x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let (x, extent, isOfExample) = (pass.inputs[0], extent(pass.forward), pass.inputs.count > 1)
    let scale = isOfExample ? pass.inputs[1] : pass.parameters[0].value
    let scaleGradient = isOfExample ? pass.inputGradients[1] : pass.parameterGradients[0]
    if let scaleGradient {
      plan.channelGradient(
        .product, dy: dy, x: x, to: scaleGradient, isOfExample: isOfExample, extent)
    }
    if hasBias, let gradient = pass.parameterGradients[1] {
      plan.channelGradient(.gradient, dy: dy, x: dy, to: gradient, isOfExample: false, extent)
    }
    if let dx = pass.inputGradients[0] {
      plan.record("scale gradient", reads: [dy, scale], writes: [dx]) { binding in
        channelAffine(
          binding.floats(dy), scale: binding.floats(scale), bias: nil, to: binding.floats(dx),
          extent(binding.examples.count))
      }
    }
  }

  /// The position of each number of s in a slice of `examples` examples.
  private func extent(_ pass: ForwardPass) -> @Sendable (_ examples: Int) -> ChannelExtent {
    let (axes, shapes, layout) = (axes, pass.inputShapes, pass.inputLayouts[0])
    return { axes.extent(shapes, layout, examples: $0) }
  }
}
