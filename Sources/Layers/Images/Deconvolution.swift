package import Fields
package import Kernels
package import Plans
package import Tensors

/// y[o, p·stride + k·dilation − pad] += W[i, o, k]·x[i, p] + b[o], for each example
///
/// x is [N, C, spatial…]; W is [C, num_output / group, kernel…], b [num_output], y [N, num_output, spatial…], each
/// spatial extent stride·(in − 1) + dilation·(kernel − 1) + 1 − 2·pad. The transposed convolution: the gradient of a
/// convolution with the same fields, which goes from y's shape to x's.
///
/// Reference: M. D. Zeiler, D. Krishnan, G. W. Taylor, R. Fergus, "Deconvolutional networks", 2010.
package struct Deconvolution: UnitLayer {
  var outputCount = 0
  var geometry = WindowGeometry()
  var groups = 1
  var hasBias = true
  var weightFiller = FillerField(Xavier())
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Deconvolution", aliases: ["ConvolutionTranspose"],
    formula: "y[o, p·stride + k·dilation − pad] += W[i, o, k]·x[i, p]",
    discussion: """
      The transposed convolution. Reads [N, C, …] and gives [N, num_output, …], each spatial extent
      stride·(in − 1) + dilation·(kernel_size − 1) + 1 − 2·pad. Parameters: weight
      [C, num_output / group, kernel …], bias [num_output]. With weight_filler bilinear, group: C and
      lr_mult 0 it enlarges images. Defaults differ from Caffe's, whose fillers are constant 0.
      """,
    example: "{name: up, type: Deconvolution, num_output: 8, kernel_size: 4, stride: 2, pad: 1}")

  package static let fields: [Field<Deconvolution>] = [
    .required(
      "num_output", \.outputCount, .within(1...WindowGeometry.extentLimit), "Output channels."),
    .required(
      "kernel_size", \.geometry.kernelSize, WindowGeometry.strideConstraint,
      "Elements of the window, for all spatial axes or for each."),
    .optional(
      "stride", \.geometry.stride, WindowGeometry.strideConstraint,
      "Elements from one window to the next. Default: 1."),
    .optional(
      "pad", \.geometry.pad, WindowGeometry.padConstraint,
      "Elements that are cut off before and after each axis."),
    .optional(
      "dilation", \.geometry.dilation, WindowGeometry.kernelConstraint,
      "Elements from one element of the window to the next."),
    .optional(
      "group", \.groups, .within(1...WindowGeometry.extentLimit),
      "Groups of channels that see nothing of each other."),
    .optional("bias_term", \.hasBias, "Adds a bias to every output channel."),
    .optional("weight_filler", \.weightFiller, "First values of the weights."),
    .optional("bias_filler", \.biasFiller, "First values of the bias."),
  ]

  /// The convolution that goes from y to x.
  private func convolution(_ input: Shape) -> Window {
    Window(
      geometry.checkedWindow(input, stride: 1, .transposed).axes.map { axis in
        var axis = axis
        (axis.input, axis.output) = (axis.output, axis.input)
        return axis
      })
  }

  package var idleFields: [IdleField] { .biasFiller(hasBias) }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let window = try geometry.window(inputs[0], stride: 1, .transposed)
    try ImageLayouts.check(groups: groups, inputs[0][1], outputCount)
    return [
      try ImageLayouts.outputShape(
        inputs[0], outputCount, weights: [inputs[0][1], outputCount / groups], window)
    ]
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    let (output, input) = ImageLayouts.ofConvolution(
      inputChannels: outputCount, outputChannels: inputs[0][1], groups: groups)
    return LayerLayouts(inputs: [input], outputs: [output])
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    let window = convolution(inputs[0])
    let weight = ParameterDeclaration(
      "weight", Shape([inputs[0][1], outputCount / groups] + window.axes.map(\.kernel)),
      weightFiller.value, role: .weight)
    let bias = ParameterDeclaration("bias", Shape([outputCount]), biasFiller.value, role: .bias)
    return hasBias ? [weight, bias] : [weight]
  }

  package var unitCount: Int { outputCount }
  package var unitGroups: Int { groups }
  package func runOfWeights(_ weight: Shape) -> Int? {
    groups == 1 ? weight.count(in: 2..<weight.rank) : nil
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    let kernel = convolution(inputs[0]).axes.reduce(1.0) { $0 * Double($1.kernel) }
    return 2 * Double(inputs[0].count) * Double(outputCount / groups) * kernel
  }

  /// - Parameter direction: of the convolution from y to x.
  private func shape(
    _ direction: ConvolutionShape.Direction, _ pass: ForwardPass
  ) -> @Sendable (Int) -> ConvolutionShape {
    let shape = ConvolutionShape(
      direction, examples: 1, inputChannels: outputCount,
      outputChannels: pass.inputShapes[0][1], groups: groups,
      window: convolution(pass.inputShapes[0]), inputLayout: pass.outputLayouts[0],
      outputLayout: pass.inputLayouts[0])
    return { examples in
      var shape = shape
      shape.examples = examples
      return shape
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, weight, y) = (pass.inputs[0], pass.parameters[0].value, pass.outputs[0])
    plan.primitive(
      "deconvolution", reads: [x, weight], to: y, shape: shape(.backwardData, pass))
    if hasBias { plan.addChannels(pass.parameters[1].value, to: y) }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let outputGradient = pass.outputGradients[0] else { return }
    let weight = pass.parameters[0]
    if let gradient = pass.parameterGradients[0] {
      plan.convolutionGradient(
        outputGradient, pass.inputs[0], to: gradient, shape: shape(.backwardWeights, pass.forward))
    }
    if hasBias, let gradient = pass.parameterGradients[1] {
      plan.channelSum(outputGradient, to: gradient)
    }
    if let inputGradient = pass.inputGradients[0] {
      plan.primitive(
        "deconvolution to input", reads: [outputGradient, weight.value], to: inputGradient,
        shape: shape(.forward, pass.forward))
    }
  }
}
