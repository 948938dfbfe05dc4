package import Fields
package import Kernels
package import Tensors

/// y = x/√(mean x² + eps) · weight over the axes from `axis` on
///
/// The weight has the shape of these axes; no mean is taken away.
///
/// Reference: B. Zhang, R. Sennrich, "Root mean square layer normalization", 2019.
package struct RMSNorm: RowNormalizing {
  var axis = -1
  var epsilon = 1e-6
  var isAffine = true
  var weightFiller = ones()

  package init() {}

  package static let reference = Reference(
    "RMSNorm",
    formula: "y = x/√(mean x² + eps) · weight",
    discussion: """
      The mean square is that of the elements from `axis` on. Parameter, of the shape of these axes: weight. PyTorch's eps is
      1.2e-7 where none is stated. Caffe has no such layer.
      """,
    example: "{name: norm1, type: RMSNorm}")

  package static let fields: [Field<RMSNorm>] = [
    .optional("axis", \.axis, "The first axis of a row; negative counts from the end."),
    .optional("eps", \.epsilon, .within(1e-20...1), "Added to the mean square."),
    .optional("affine", \.isAffine, "Has a weight."),
    .optional("weight_filler", \.weightFiller, "First values of the weight."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine, ["weight_filler"]) }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let axis = try inputs[0].classAxis(axis)
    guard inputs[0].count(in: axis..<inputs[0].rank) > 0 else {
      throw ShapeFailure("there is nothing to normalize from axis \(axis) on")
    }
    try checkRows(inputs[0])
    return inputs
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    guard isAffine, let axis = inputs[0].axis(axis) else { return [] }
    let shape = Shape(Array(inputs[0].axes[axis...]))
    return [ParameterDeclaration("weight", shape, weightFiller.value, role: .gain)]
  }

  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let axis = input.axis(axis) ?? 1
    let width = input.count(in: axis..<input.rank)
    return NormalizedRows(
      rows: examples * input.count(in: 1..<axis), width: width, parameters: isAffine ? width : 0,
      epsilon: epsilon, subtractsMean: false)
  }
}
