package import Fields
package import Kernels
package import Tensors

/// y = (x − μ)/√(σ² + eps) · weight + bias over the axes from `axis` on
///
/// μ and σ² are the mean and the variance (divided by the count) of all elements from `axis` on; weight and bias have the
/// shape of these axes.
///
/// Reference: J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", 2016.
package struct LayerNorm: RowNormalizing {
  var axis = -1
  var epsilon = 1e-5
  var isAffine = true
  var weightFiller = ones()
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "LayerNorm",
    formula: "y = (x − μ)/√(σ² + eps) · weight + bias",
    discussion: """
      Mean and variance are those of the elements from `axis` on, of each example and of each place before. Parameters, both of
      the shape of these axes: weight, bias. As PyTorch's; Caffe has no such layer.
      """,
    example: "{name: norm1, type: LayerNorm}")

  package static let fields: [Field<LayerNorm>] = [
    .optional("axis", \.axis, "The first axis of a row; negative counts from the end."),
    .optional("eps", \.epsilon, .within(1e-20...1), "Added to the variance."),
    .optional("affine", \.isAffine, "Has a weight and a bias."),
    .optional("weight_filler", \.weightFiller, "First values of the weight."),
    .optional("bias_filler", \.biasFiller, "First values of the bias."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine) }

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
    return [
      ParameterDeclaration("weight", shape, weightFiller.value, role: .gain),
      ParameterDeclaration("bias", shape, biasFiller.value, role: .bias),
    ]
  }

  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let axis = input.axis(axis) ?? 1
    let width = input.count(in: axis..<input.rank)
    return NormalizedRows(
      rows: examples * input.count(in: 1..<axis), width: width, parameters: isAffine ? width : 0,
      epsilon: epsilon)
  }
}
