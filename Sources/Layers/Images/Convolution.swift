package import Fields
package import Kernels
package import Plans
package import Tensors

/// y[o, p] = b[o] + Σ_{i, k} W[o, i, k]·x[i, p·stride + k·dilation − pad], for each example
///
/// x is [N, C, spatial…] with 1, 2 or 3 spatial axes. W is [num_output, C / group, kernel…], and b
/// is [num_output]. y is [N, num_output, spatial…], where each spatial extent is ⌊(in + 2·pad −
/// dilation·(kernel − 1) − 1) / stride⌋ + 1. The operation is a cross-correlation, as usual in this
/// field.
///
/// With several groups, output channels depend only on the input channels of their own group. With
/// as many groups as channels this is a depthwise convolution.
///
/// If the channels fill blocks of sixteen, images lie in memory with the sixteen channels of a
/// position together. Otherwise all channels of a position lie together, because a partly empty
/// block costs the work of a full one: 50 channels would cost as much as 64.
///
/// Reference: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
/// document recognition", 1998. Dilation: F. Yu, V. Koltun, "Multi-scale context aggregation by
/// dilated convolutions", 2016.
package struct Convolution: UnitLayer {
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
    "Convolution",
    formula: "y[o, p] = b[o] + Σ_{i, k} W[o, i, k]·x[i, p·stride + k·dilation − pad]",
    discussion: """
      Reads [N, C, …] with 1, 2 or 3 spatial axes and gives [N, num_output, …], where each spatial
      extent is ⌊(in + 2·pad − dilation·(kernel_size − 1) − 1) / stride⌋ + 1. Parameters: weight
      [num_output, C / group, kernel …], bias [num_output]. kernel_size, stride, pad and dilation
      are one number for all spatial axes, or a list with one number for each. group: C is a
      depthwise convolution. Defaults differ from Caffe's fillers, which are constant 0: here the
      weights are xavier.
      """,
    example: "{name: conv1, type: Convolution, num_output: 20, kernel_size: 5, stride: 1, pad: 2}")

  package static let fields: [Field<Convolution>] = [
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
      "Zero padding added at both ends of each axis."),
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

  /// Returns the window over a shape that `outputShapes` accepted.
  private func checkedWindow(_ input: Shape) -> Window {
    geometry.checkedWindow(input, stride: 1, .down)
  }

  package var idleFields: [IdleField] { .biasFiller(hasBias) }

  /// - Throws: ``ShapeFailure`` if the window does not fit the image, if the groups do not divide
  ///   the channels, or if a tensor is too large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let window = try geometry.window(inputs[0], stride: 1, .down)
    try ImageLayouts.check(groups: groups, inputs[0][1], outputCount)
    return [
      try ImageLayouts.outputShape(
        inputs[0], outputCount, weights: [outputCount, inputs[0][1] / groups], window)
    ]
  }

  /// Blocked or channels-last images, by the number of channels; see ``ImageLayouts``.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    let (input, output) = ImageLayouts.ofConvolution(
      inputChannels: inputs[0][1], outputChannels: outputCount, groups: groups, given: given[0])
    return LayerLayouts(inputs: [input], outputs: [output])
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    let window = checkedWindow(inputs[0])
    let weight = ParameterDeclaration(
      "weight", Shape([outputCount, inputs[0][1] / groups] + window.axes.map(\.kernel)),
      weightFiller.value, role: .weight)
    let bias = ParameterDeclaration("bias", Shape([outputCount]), biasFiller.value, role: .bias)
    return hasBias ? [weight, bias] : [weight]
  }

  package var unitCount: Int { outputCount }
  package var unitGroups: Int { groups }
  package func runOfWeights(_ weight: Shape) -> Int? { weight.example.count }

  /// A multiply-add for each output element and each weight that contributes to it.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    let kernel = checkedWindow(inputs[0]).axes.reduce(1.0) { $0 * Double($1.kernel) }
    return 2 * Double(outputs[0].count) * Double(inputs[0][1] / groups) * kernel
  }

  /// Returns the shape of one direction for a slice of so many examples.
  private func shape(
    _ direction: ConvolutionShape.Direction, _ pass: ForwardPass
  ) -> @Sendable (Int) -> ConvolutionShape {
    let shape = ConvolutionShape(
      direction, examples: 1, inputChannels: pass.inputShapes[0][1], outputChannels: outputCount,
      groups: groups, window: checkedWindow(pass.inputShapes[0]),
      inputLayout: pass.inputLayouts[0], outputLayout: pass.outputLayouts[0],
      hasBias: hasBias && direction == .forward)
    return { examples in
      var shape = shape
      shape.examples = examples
      return shape
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.primitive(
      "convolution", reads: [pass.inputs[0]] + pass.parameters.map(\.value), to: pass.outputs[0],
      shape: shape(.forward, pass))
  }

  /// Records ∂W, ∂b and ∂x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let outputGradient = pass.outputGradients[0] else { return }
    let (weight, input) = (pass.parameters[0], pass.inputs[0])
    if let gradient = pass.parameterGradients[0] {
      plan.convolutionGradient(
        input, outputGradient, to: gradient, shape: shape(.backwardWeights, pass.forward))
    }
    if hasBias, let gradient = pass.parameterGradients[1] {
      plan.channelSum(outputGradient, to: gradient)
    }
    if let inputGradient = pass.inputGradients[0] {
      backwardToInput(pass.forward, weight.value, outputGradient, to: inputGradient, &plan)
    }
  }

  /// Records ∂x, by way of channels-last copies if x is row-major.
  private func backwardToInput(
    _ pass: ForwardPass, _ weight: Slot, _ outputGradient: Slot, to inputGradient: Slot,
    _ plan: inout PlanBuilder
  ) {
    let shape = shape(.backwardData, pass)
    var (dy, dx) = (outputGradient, inputGradient)
    // For a plain input, oneDNN computes the gradient with a slow reference loop.
    let isTurned = pass.inputLayouts[0] == .plain
    if isTurned {
      dy = plan.batchSlot("∂y", pass.outputShapes[0], layout: .channelsLast)
      dx = plan.batchSlot("∂x", pass.inputShapes[0], layout: .channelsLast)
      plan.reorder(outputGradient, to: dy)
    }
    plan.primitive("convolution to input", reads: [dy, weight], to: dx) { examples in
      var shape = shape(examples)
      if isTurned { (shape.inputLayout, shape.outputLayout) = (.channelsLast, .channelsLast) }
      return shape
    }
    if isTurned { plan.reorder(dx, to: inputGradient) }
  }
}
