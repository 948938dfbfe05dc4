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
package struct Convolution: ConvolutionLayer {
  package var outputCount = 0
  package var geometry = WindowGeometry()
  package var groups = 1
  package var hasBias = true
  package var weightFiller = FillerField(Xavier())
  package var biasFiller = FillerField(Constant())

  package static let isTransposed = false

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

  package static let fields: [Field<Convolution>] = convolutionFields(
    pad: "Zero padding added at both ends of each axis.")

  /// Blocked or channels-last images, by the number of channels; see ``ImageLayouts``.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    let (input, output) = ImageLayouts.ofConvolution(
      inputChannels: inputs[0][1], outputChannels: outputCount, groups: groups, given: given[0])
    return LayerLayouts(inputs: [input], outputs: [output])
  }

  package func consecutiveWeights(_ weight: Shape) -> Int? { weight.example.count }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.primitive(
      "convolution", reads: [pass.inputs[0]] + pass.parameters.map(\.value), to: pass.outputs[0],
      shape: shape(.forward, pass))
  }

  /// Records ∂W, ∂b and ∂x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let outputGradient = pass.outputGradients[0] else { return }
    recordParameterGradients(pass, outputGradient, &plan)
    if let inputGradient = pass.inputGradients[0] {
      backwardToInput(
        pass.forward, pass.parameters[0].value, outputGradient, to: inputGradient, &plan)
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
