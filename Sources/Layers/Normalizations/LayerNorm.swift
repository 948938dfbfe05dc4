package import Fields
internal import Kernels
package import LayerKernels
package import Tensors

/// y = (x − μ)/√(σ² + eps) · weight + bias over the axes from `axis` on
///
/// x and y have the same shape [N, …]. μ and σ² are the mean and the biased variance of a row: all
/// elements from `axis` on. weight and bias have the shape of these axes.
///
/// Each example, and each place before `axis`, has its own moments. Training and testing are the
/// same.
///
/// Reference: J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", 2016.
package struct LayerNorm: RowNormalizing {
  /// The first axis of a row, at least 1; a negative number counts from the end.
  var axis = -1
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
    "LayerNorm",
    formula: "y = (x − μ)/√(σ² + eps) · weight + bias",
    discussion: """
      Mean and variance are those of the elements from `axis` on, for each example and each place
      before the axis. Parameters, both with the shape of these axes: weight, bias. As in PyTorch;
      Caffe has no such layer.
      """,
    example: "{name: norm1, type: LayerNorm}")

  package static let fields: [Field<LayerNorm>] = [
    .optional("axis", \.axis, "The first axis of a row; negative counts from the end."),
    .optional("eps", \.epsilon, .within(1e-20...1), "The term that is added to the variance."),
    .optional("affine", \.isAffine, "Whether the layer has a weight and a bias."),
    .optional("weight_filler", \.weightFiller, "Initial values of the weight."),
    .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine) }

  /// - Throws: ``ShapeFailure`` if `axis` does not name an axis of an example, or if a row has
  ///   fewer than two values.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let axis = try inputs[0].classAxis(axis)
    guard inputs[0].count(in: axis..<inputs[0].rank) > 0 else {
      throw ShapeFailure("the axes from axis \(axis) on are empty: expected values to normalize")
    }
    try checkRows(inputs[0])
    return inputs
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    guard isAffine, let axis = inputs[0].axis(axis) else { return [] }
    let shape = Shape(Array(inputs[0].axes[axis...]))
    return [
      ParameterDeclaration("weight", shape, weightFiller.value, role: .gain),
      ParameterDeclaration("bias", shape, biasFiller.value, role: .bias),
    ]
  }

  /// A row holds the elements from `axis` on.
  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let axis = input.axis(axis) ?? 1
    let width = input.count(in: axis..<input.rank)
    return NormalizedRows(
      rows: examples * input.count(in: 1..<axis), width: width, parameters: isAffine ? width : 0,
      epsilon: epsilon)
  }
}
