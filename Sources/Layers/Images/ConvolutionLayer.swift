package import Fields
package import Kernels
internal import Plans
package import Tensors

/// A convolution or a transposed convolution: the fields, shapes and gradients that both share.
///
/// A transposed convolution exchanges input and output: it computes the data gradient of the
/// convolution from its top to its bottom.
package protocol ConvolutionLayer: UnitLayer {
  /// The number of output channels.
  var outputCount: Int { get set }
  /// The window along each spatial axis.
  var geometry: WindowGeometry { get set }
  /// The number of groups of channels, a divisor of both numbers of channels.
  var groups: Int { get set }
  /// The algorithm of the convolution and of its gradients. Nil to let the shapes decide.
  var algorithm: ConvolutionShape.Algorithm? { get set }
  /// True if the layer adds b.
  var hasBias: Bool { get set }
  /// The initial values of W.
  var weightFiller: FillerField { get set }
  /// The initial values of b.
  var biasFiller: FillerField { get set }

  /// True for the transposed convolution.
  static var isTransposed: Bool { get }
}

extension ConvolutionLayer {
  /// Returns the fields of the layer.
  ///
  /// - Parameter pad: the summary of `pad`.
  static func convolutionFields(pad: String) -> [Field<Self>] {
    [
      .required(
        "num_output", \.outputCount, .within(1...WindowGeometry.extentLimit),
        "The number of output channels."),
      .required(
        "kernel_size", \.geometry.kernelSize, WindowGeometry.strideConstraint,
        "The extent of the window, for all spatial axes or for each."),
      .optional(
        "stride", \.geometry.stride, WindowGeometry.strideConstraint,
        "The distance between windows. Default: 1."),
      .optional("pad", \.geometry.pad, WindowGeometry.padConstraint, pad),
      .optional(
        "dilation", \.geometry.dilation, WindowGeometry.kernelConstraint,
        "The distance between elements of the window."),
      .optional(
        "group", \.groups, .within(1...WindowGeometry.extentLimit),
        "The number of independent groups of channels."),
      .optional(
        "algorithm", \.algorithm,
        "direct, or winograd: 3x3 and 5x5 windows in less time, with greater rounding errors. Default: "
          + "winograd with at least 16 channels, where it saves a third of the multiplications."),
      .optional("bias_term", \.hasBias, "Whether to add a bias to every output channel."),
      .optional("weight_filler", \.weightFiller, "Initial values of the weights."),
      .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
    ]
  }

  package var idleFields: [IdleField] { .biasFiller(hasBias) }
  package var unitCount: Int { outputCount }
  package var unitGroups: Int { groups }

  private var rounding: WindowGeometry.Rounding { Self.isTransposed ? .transposed : .down }

  /// Returns the first two axes of W for a number of input channels.
  private func weightChannels(_ inputCount: Int) -> [Int] {
    Self.isTransposed ? [inputCount, outputCount / groups] : [outputCount, inputCount / groups]
  }

  /// Returns the window over a shape that `outputShapes` accepted.
  private func checkedWindow(_ input: Shape) -> Window {
    geometry.checkedWindow(input, stride: 1, rounding)
  }

  /// - Throws: ``ShapeFailure`` if the window does not fit the image, if the groups do not divide
  ///   the channels, if a tensor is too large, or if the algorithm does not suit the window.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let window = try geometry.window(inputs[0], stride: 1, rounding)
    try ImageShapes.check(groups: groups, inputs[0][1], outputCount)
    if algorithm == .winograd, !shape(.forward, inputs[0], window).canUseWinograd {
      throw ShapeFailure(
        """
        algorithm winograd needs two spatial axes, a kernel_size of 3 or 5 along both, a stride and \
        dilation of 1, less pad than kernel_size, and one group
        """)
    }
    return [
      try ImageShapes.outputShape(
        inputs[0], outputCount, weights: weightChannels(inputs[0][1]), window)
    ]
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    let kernel = checkedWindow(inputs[0]).axes.map(\.kernel)
    let weight = ParameterDeclaration(
      "weight", Shape(weightChannels(inputs[0][1]) + kernel), weightFiller.value, role: .weight)
    let bias = ParameterDeclaration("bias", Shape([outputCount]), biasFiller.value, role: .bias)
    return hasBias ? [weight, bias] : [weight]
  }

  /// Images with channels last.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    LayerLayouts(inputs: [.channelsLast], outputs: [.channelsLast])
  }

  /// A multiply-add for each weight, and for each output element of the convolution to which the
  /// weight contributes.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    let kernel = checkedWindow(inputs[0]).axes.reduce(1.0) { $0 * Double($1.kernel) }
    let elements = Self.isTransposed ? inputs[0].count : outputs[0].count
    return 2 * Double(elements) * Double(weightChannels(inputs[0][1])[1]) * kernel
  }

  /// Returns the shape of one direction for a slice of so many examples.
  ///
  /// - Parameter direction: the direction of the convolution. A transposed convolution leads from
  ///   the top to the bottom.
  func shape(
    _ direction: ConvolutionShape.Direction, _ pass: ForwardPass
  ) -> @Sendable (Int) -> ConvolutionShape {
    let input = pass.inputShapes[0]
    let shape = shape(direction, input, checkedWindow(input))
    return { examples in
      var shape = shape
      shape.examples = examples
      return shape
    }
  }

  /// Returns the shape of one direction for one example.
  private func shape(
    _ direction: ConvolutionShape.Direction, _ input: Shape, _ window: Window
  ) -> ConvolutionShape {
    var shape =
      Self.isTransposed
      ? ConvolutionShape(
        direction, examples: 1, inputChannels: outputCount, outputChannels: input[1],
        groups: groups, window: window.transposed)
      : ConvolutionShape(
        direction, examples: 1, inputChannels: input[1], outputChannels: outputCount,
        groups: groups, window: window, hasBias: hasBias && direction == .forward)
    shape.algorithm = algorithm
    return shape
  }

  /// Records ∂W and ∂b.
  func recordParameterGradients(
    _ pass: BackwardPass, _ outputGradient: Slot, _ plan: inout PlanBuilder
  ) {
    if let gradient = pass.parameterGradients[0] {
      let x = pass.inputs[0]
      plan.convolutionGradient(
        Self.isTransposed ? outputGradient : x, Self.isTransposed ? x : outputGradient,
        to: gradient, shape: shape(.backwardWeights, pass.forward))
    }
    if hasBias, let gradient = pass.parameterGradients[1] {
      plan.channelSum(outputGradient, to: gradient)
    }
  }
}

extension Window {
  /// The window with input and output exchanged.
  fileprivate var transposed: Window {
    Window(
      axes.map { axis in
        var axis = axis
        (axis.input, axis.output) = (axis.output, axis.input)
        return axis
      })
  }
}

extension ConvolutionShape.Algorithm: FieldChoice {}
