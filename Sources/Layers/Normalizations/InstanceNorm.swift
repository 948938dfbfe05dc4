package import Fields
internal import Kernels
package import LayerKernels
package import Tensors

/// y = (x − μ)/√(σ² + eps) · weight + bias over the positions of a channel
///
/// x and y are [N, C, spatial…]. μ and σ² are the mean and the biased variance of one channel of
/// one example. weight and bias are [C]; by default the layer has neither.
///
/// Training and testing are the same, and no running statistics exist.
///
/// Reference: D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance normalization: the missing ingredient
/// for fast stylization", 2016.
package struct InstanceNorm: RowNormalizing {
  /// The summand that keeps the divisor positive.
  var epsilon = 1e-5
  /// True if the layer has weight and bias.
  var isAffine = false
  /// The initial values of the weight.
  var weightFiller = ones()
  /// The initial values of the bias.
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "InstanceNorm",
    formula: "y = (x − μ)/√(σ² + eps) · weight + bias",
    discussion: """
      Mean and variance are those of each channel of each example of [N, C, spatial…]. Parameters,
      if `affine` is true: weight [C], bias [C]. As in PyTorch without running statistics; Caffe's
      nearest layer is MVN.
      """,
    example: "{name: norm1, type: InstanceNorm}")

  package static let fields: [Field<InstanceNorm>] = [
    .optional("eps", \.epsilon, .within(1e-20...1), "The term that is added to the variance."),
    .optional("affine", \.isAffine, "Whether the layer has a weight and a bias."),
    .optional("weight_filler", \.weightFiller, "Initial values of the weight."),
    .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine) }

  /// - Throws: ``ShapeFailure`` if a channel has fewer than two positions.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    guard input.rank >= 3, input.example.count > 0, input.count(in: 2..<input.rank) > 1 else {
      throw ShapeFailure("expected [N, C, spatial…] with more than one position")
    }
    try checkRows(inputs[0])
    return inputs
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    guard isAffine else { return [] }
    let shape = Shape([inputs[0][1]])
    return [
      ParameterDeclaration("weight", shape, weightFiller.value, role: .gain),
      ParameterDeclaration("bias", shape, biasFiller.value, role: .bias),
    ]
  }

  /// A row holds the positions of one channel.
  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let (channels, positions) = (input[1], input.count(in: 2..<input.rank))
    return NormalizedRows(
      rows: examples * channels, width: positions, parameters: isAffine ? channels : 0,
      span: positions, epsilon: epsilon)
  }
}
