package import Fields
package import Kernels
package import Plans
package import Tensors

/// y[o, p·stride + k·dilation − pad] += W[i, o, k]·x[i, p] + b[o], for each example
///
/// x is [N, C, spatial…]. W is [C, num_output / group, kernel…], and b is [num_output]. y is [N,
/// num_output, spatial…], where each spatial extent is stride·(in − 1) + dilation·(kernel − 1) + 1
/// − 2·pad.
///
/// This is the transposed convolution: the gradient of a convolution with the same fields from the
/// shape of y to the shape of x. With the filler ``Bilinear`` it enlarges images.
///
/// Reference: M. D. Zeiler, D. Krishnan, G. W. Taylor, R. Fergus, "Deconvolutional networks", 2010.
package struct Deconvolution: UnitLayer {
  /// The number of output channels.
  var outputCount = 0
  /// The window along each spatial axis.
  var geometry = WindowGeometry()
  /// The number of groups of channels, a divisor of both numbers of channels.
  var groups = 1
  /// True if the layer adds b.
  var hasBias = true
  /// The initial values of W.
  var weightFiller = FillerField(Xavier())
  /// The initial values of b.
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Deconvolution", aliases: ["ConvolutionTranspose"],
    formula: "y[o, p·stride + k·dilation − pad] += W[i, o, k]·x[i, p]",
    discussion: """
      The transposed convolution. Reads [N, C, …] and gives [N, num_output, …], where each spatial
      extent is stride·(in − 1) + dilation·(kernel_size − 1) + 1 − 2·pad. Parameters: weight [C,
      num_output / group, kernel …], bias [num_output]. With weight_filler bilinear, group: C and
      lr_mult 0 it enlarges images. Defaults differ from Caffe's fillers, which are constant 0.
      """,
    example: "{name: up, type: Deconvolution, num_output: 8, kernel_size: 4, stride: 2, pad: 1}")

  package static let fields: [Field<Deconvolution>] = [
    .required(
      "num_output", \.outputCount, .within(1...WindowGeometry.extentLimit),
      "The number of output channels."),
    .required(
      "kernel_size", \.geometry.kernelSize, WindowGeometry.strideConstraint,
      "The extent of the window, for all spatial axes or for each."),
    .optional(
      "stride", \.geometry.stride, WindowGeometry.strideConstraint,
      "The distance between windows. Default: 1."),
    .optional(
      "pad", \.geometry.pad, WindowGeometry.padConstraint,
      "The number of elements to remove at both ends of each axis."),
    .optional(
      "dilation", \.geometry.dilation, WindowGeometry.kernelConstraint,
      "The distance between elements of the window."),
    .optional(
      "group", \.groups, .within(1...WindowGeometry.extentLimit),
      "The number of independent groups of channels."),
    .optional("bias_term", \.hasBias, "Whether to add a bias to every output channel."),
    .optional("weight_filler", \.weightFiller, "Initial values of the weights."),
    .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
  ]

  /// Returns the window of the convolution from y to x.
  private func convolution(_ input: Shape) -> Window {
    Window(
      geometry.checkedWindow(input, stride: 1, .transposed).axes.map { axis in
        var axis = axis
        (axis.input, axis.output) = (axis.output, axis.input)
        return axis
      })
  }

  package var idleFields: [IdleField] { .biasFiller(hasBias) }

  /// - Throws: ``ShapeFailure`` if the window does not fit the image, if the groups do not divide
  ///   the channels, or if a tensor is too large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let window = try geometry.window(inputs[0], stride: 1, .transposed)
    try ImageLayouts.check(groups: groups, inputs[0][1], outputCount)
    return [
      try ImageLayouts.outputShape(
        inputs[0], outputCount, weights: [inputs[0][1], outputCount / groups], window)
    ]
  }

  /// The layouts of the convolution from y to x, exchanged.
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

  /// A multiply-add for each input element and each weight that reads it.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    let kernel = convolution(inputs[0]).axes.reduce(1.0) { $0 * Double($1.kernel) }
    return 2 * Double(inputs[0].count) * Double(outputCount / groups) * kernel
  }

  /// Returns the shape of one direction for a slice of so many examples.
  ///
  /// - Parameter direction: the direction of the convolution from y to x.
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

  /// Records the output as the data gradient of the convolution from y to x, and adds b.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, weight, y) = (pass.inputs[0], pass.parameters[0].value, pass.outputs[0])
    plan.primitive(
      "deconvolution", reads: [x, weight], to: y, shape: shape(.backwardData, pass))
    if hasBias { plan.addChannels(pass.parameters[1].value, to: y) }
  }

  /// Records ∂W, ∂b and ∂x. ∂x is the forward direction of the convolution from y to x.
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
