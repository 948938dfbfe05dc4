package import Fields
internal import Kernels
package import LayerKernels
package import Tensors

/// y = x/√(mean x² + eps) · weight over the axes from `axis` on
///
/// x and y have the same shape [N, …]. The mean covers a row: all elements from `axis` on. The
/// weight has the shape of these axes.
///
/// The layer subtracts no mean and has no bias. Training and testing are the same.
///
/// Reference: B. Zhang, R. Sennrich, "Root mean square layer normalization", 2019.
package struct RMSNorm: RowNormalizing {
  /// The first axis of a row, at least 1; a negative number counts from the end.
  var axis = -1
  /// The summand that keeps the divisor positive.
  var epsilon = 1e-6
  /// True if the layer has a weight.
  var isAffine = true
  /// The initial values of the weight.
  var weightFiller = ones()

  package init() {}

  package static let reference = Reference(
    "RMSNorm",
    formula: "y = x/√(mean x² + eps) · weight",
    discussion: """
      The mean square is that of the elements from `axis` on. Parameter, with the shape of these
      axes: weight. PyTorch's default of eps is 1.2e-7. Caffe has no such layer.
      """,
    example: "{name: norm1, type: RMSNorm}")

  package static let fields: [Field<RMSNorm>] = [
    .optional("axis", \.axis, "The first axis of a row; negative counts from the end."),
    .optional("eps", \.epsilon, .within(1e-20...1), "The term that is added to the mean square."),
    .optional("affine", \.isAffine, "Whether the layer has a weight."),
    .optional("weight_filler", \.weightFiller, "Initial values of the weight."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine, ["weight_filler"]) }

  /// - Throws: ``ShapeFailure`` if `axis` does not name an axis of an example.
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
    return [ParameterDeclaration("weight", shape, weightFiller.value, role: .gain)]
  }

  /// A row holds the elements from `axis` on.
  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let axis = input.axis(axis) ?? 1
    let width = input.count(in: axis..<input.rank)
    return NormalizedRows(
      rows: examples * input.count(in: 1..<axis), width: width, parameters: isAffine ? width : 0,
      epsilon: epsilon, subtractsMean: false)
  }
}
