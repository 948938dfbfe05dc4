package import Fields
package import Kernels
package import Tensors

/// y = (x − μ)/√(σ² + eps) · weight + bias over the positions of a channel
///
/// x is [N, C, spatial…]; μ and σ² are those of one channel of one example; weight and bias are [C].
///
/// Reference: D. Ulyanov, A. Vedaldi, V. Lempitsky, "Instance normalization: the missing ingredient for fast
/// stylization", 2016.
package struct InstanceNorm: RowNormalizing {
  var epsilon = 1e-5
  var isAffine = false
  var weightFiller = ones()
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "InstanceNorm",
    formula: "y = (x − μ)/√(σ² + eps) · weight + bias",
    discussion: """
      Mean and variance are those of each channel of each example of [N, C, spatial…]. Parameters, where `affine` is true:
      weight [C], bias [C]. As PyTorch's without running statistics; of Caffe's layers MVN is nearest.
      """,
    example: "{name: norm1, type: InstanceNorm}")

  package static let fields: [Field<InstanceNorm>] = [
    .optional("eps", \.epsilon, .within(1e-20...1), "Added to the variance."),
    .optional("affine", \.isAffine, "Has a weight and a bias."),
    .optional("weight_filler", \.weightFiller, "First values of the weight."),
    .optional("bias_filler", \.biasFiller, "First values of the bias."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine) }

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

  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let (channels, positions) = (input[1], input.count(in: 2..<input.rank))
    return NormalizedRows(
      rows: examples * channels, width: positions, parameters: isAffine ? channels : 0,
      span: positions, epsilon: epsilon)
  }
}
