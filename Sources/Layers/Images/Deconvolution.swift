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
package struct Deconvolution: ConvolutionLayer {
  package var outputCount = 0
  package var geometry = WindowGeometry()
  package var groups = 1
  package var algorithm: ConvolutionShape.Algorithm?
  package var hasBias = true
  package var weightFiller = FillerField(Xavier())
  package var biasFiller = FillerField(Constant())

  package static let isTransposed = true

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

  package static let fields: [Field<Deconvolution>] = convolutionFields(
    pad: "The number of elements to remove at both ends of each axis.")

  package func consecutiveWeights(_ weight: Shape) -> Int? {
    groups == 1 ? weight.count(in: 2..<weight.rank) : nil
  }

  /// Records the output as the data gradient of the convolution from y to x, and adds b.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, weight, y) = (pass.inputs[0], pass.parameters[0].value, pass.outputs[0])
    plan.convolution(
      "deconvolution", reads: [x, weight], to: y, shape: shape(.backwardData, pass))
    if hasBias { plan.addChannels(pass.parameters[1].value, to: y) }
  }

  /// Records ∂W, ∂b and ∂x. ∂x is the forward direction of the convolution from y to x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let outputGradient = pass.outputGradients[0] else { return }
    recordParameterGradients(pass, outputGradient, &plan)
    if let inputGradient = pass.inputGradients[0] {
      plan.convolution(
        "deconvolution to input", reads: [outputGradient, pass.parameters[0].value],
        to: inputGradient, shape: shape(.forward, pass.forward))
    }
  }
}
