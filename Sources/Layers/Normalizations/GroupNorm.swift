package import Fields
internal import Kernels
package import LayerKernels
package import Tensors

/// y = (x − μ)/√(σ² + eps) · weight + bias over groups of channels
///
/// x and y are [N, C, …]. μ and σ² are the mean and the biased variance of C/num_groups
/// neighbouring channels of one example, over all their positions. weight and bias are [C].
///
/// With one group the layer normalizes the whole example. With C groups it is ``InstanceNorm``. The
/// result does not depend on the other examples, so that small batches do no harm.
///
/// Reference: Y. Wu, K. He, "Group normalization", 2018.
package struct GroupNorm: RowNormalizing {
  /// The number of groups, a divisor of C.
  var groupCount = 1
  /// The summand that keeps the divisor positive.
  var epsilon = 1e-5
  /// True if the layer has weight and bias.
  var isAffine = true
  /// The initial values of the weight.
  var weightFiller = ones()
  /// The initial values of the bias.
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "GroupNorm",
    formula: "y = (x − μ)/√(σ² + eps) · weight + bias",
    discussion: """
      The channels of [N, C, …] are divided into num_groups groups of neighbours. Mean and variance
      are those of a group in one example. Parameters: weight [C], bias [C]. As in PyTorch; Caffe
      has no such layer.
      """,
    example: "{name: norm1, type: GroupNorm, num_groups: 2}")

  package static let fields: [Field<GroupNorm>] = [
    .required(
      "num_groups", \.groupCount, .within(1...2_147_483_647),
      "The number of groups; it divides the channels."),
    .optional("eps", \.epsilon, .within(1e-20...1), "The term that is added to the variance."),
    .optional("affine", \.isAffine, "Whether the layer has a weight and a bias."),
    .optional("weight_filler", \.weightFiller, "Initial values of the weight."),
    .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine) }

  /// - Throws: ``ShapeFailure`` if the groups do not divide the channels, or if a group has one
  ///   value.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].example.count > 0 else {
      throw ShapeFailure("expected [N, C, …] with at least one value in each example")
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

  /// A row holds the channels of one group with all their positions.
  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let channels = input[1]
    let positions = input.count(in: 2..<input.rank)
    return NormalizedRows(
      rows: examples * groupCount, width: channels / groupCount * positions,
      parameters: isAffine ? channels : 0, span: positions, epsilon: epsilon)
  }
}
