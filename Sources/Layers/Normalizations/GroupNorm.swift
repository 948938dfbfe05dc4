package import Fields
package import Kernels
package import Tensors

/// y = (x − μ)/√(σ² + eps) · weight + bias over groups of channels
///
/// x is [N, C, …]. μ and σ² are those of C/num_groups channels with all their positions; weight and bias are [C].
///
/// Reference: Y. Wu, K. He, "Group normalization", 2018.
package struct GroupNorm: RowNormalizing {
  var groupCount = 1
  var epsilon = 1e-5
  var isAffine = true
  var weightFiller = ones()
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "GroupNorm",
    formula: "y = (x − μ)/√(σ² + eps) · weight + bias",
    discussion: """
      Mean and variance are those of a group: the channels of [N, C, …] fall into num_groups groups of neighbours.
      Parameters: weight [C], bias [C]. As PyTorch's; Caffe has no such layer.
      """,
    example: "{name: norm1, type: GroupNorm, num_groups: 2}")

  package static let fields: [Field<GroupNorm>] = [
    .required(
      "num_groups", \.groupCount, .within(1...2_147_483_647), "Groups of channels; divides them."),
    .optional("eps", \.epsilon, .within(1e-20...1), "Added to the variance."),
    .optional("affine", \.isAffine, "Has a weight and a bias."),
    .optional("weight_filler", \.weightFiller, "First values of the weight."),
    .optional("bias_filler", \.biasFiller, "First values of the bias."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine) }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].example.count > 0 else {
      throw ShapeFailure("expected [N, C, …] with at least one value an example")
    }
    guard inputs[0][1].isMultiple(of: groupCount) else {
      throw ShapeFailure("num_groups \(groupCount) does not divide the \(inputs[0][1]) channels")
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
    let channels = input[1]
    let positions = input.count(in: 2..<input.rank)
    return NormalizedRows(
      rows: examples * groupCount, width: channels / groupCount * positions,
      parameters: isAffine ? channels : 0, span: positions, epsilon: epsilon)
  }
}
