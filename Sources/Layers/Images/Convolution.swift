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
/// All channels of a position lie together in memory. Windows of 3×3 and 5×5 elements are computed by
/// minimal filtering where that is faster: see ``ConvolutionShape/usesWinograd``.
///
/// Reference: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
/// document recognition", 1998. Dilation: F. Yu, V. Koltun, "Multi-scale context aggregation by
/// dilated convolutions", 2016.
package struct Convolution: ConvolutionLayer {
  package var outputCount = 0
  package var geometry = WindowGeometry()
  package var groups = 1
  package var algorithm: ConvolutionShape.Algorithm?
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

  package func consecutiveWeights(_ weight: Shape) -> Int? { weight.example.count }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.convolution(
      "convolution", reads: [pass.inputs[0]] + pass.parameters.map(\.value), to: pass.outputs[0],
      shape: shape(.forward, pass))
  }

  /// Records ∂W, ∂b and ∂x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let outputGradient = pass.outputGradients[0] else { return }
    recordParameterGradients(pass, outputGradient, &plan)
    if let inputGradient = pass.inputGradients[0] {
      plan.convolution(
        "convolution to input", reads: [outputGradient, pass.parameters[0].value],
        to: inputGradient, shape: shape(.backwardData, pass.forward))
    }
  }
}
