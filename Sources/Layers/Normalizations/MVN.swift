package import Fields
package import Kernels
package import Tensors

/// y = (x − μ)/(σ + eps) over the positions of a channel, or of all channels
///
/// x is [N, C, …]; ∂x = (∂y − mean ∂y − n · (σ + eps)/σ · mean (∂y·n))/(σ + eps), with n = y. Where σ is 0, y is 0.
package struct MVN: RowNormalizing {
  var normalizesVariance = true
  var acrossChannels = false
  var epsilon = 1e-9

  package init() {}

  package var removesScale: Bool { normalizesVariance }

  package static let reference = Reference(
    "MVN",
    formula: "y = (x − μ)/(σ + eps)",
    discussion: """
      Mean and deviation are those of each channel of each example of [N, C, …], or of all its channels together. Caffe's
      layer: eps is added to the deviation, after the root.
      """,
    example: "{name: norm1, type: MVN, across_channels: true}")

  package static let fields: [Field<MVN>] = [
    .optional(
      "normalize_variance", \.normalizesVariance,
      "Divides by the deviation; false: the mean alone is taken away."),
    .optional("across_channels", \.acrossChannels, "All channels of an example are one row."),
    .optional("eps", \.epsilon, .within(1e-20...1), "Added to the deviation."),
  ]

  package var idleFields: [IdleField] {
    normalizesVariance ? [] : [IdleField("eps", since: "normalize_variance is false")]
  }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].example.count > 0 else {
      throw ShapeFailure("expected [N, C, …] with at least one value an example")
    }
    try checkRows(inputs[0])
    return inputs
  }

  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let rows = acrossChannels ? 1 : input[1]
    return NormalizedRows(
      rows: examples * rows, width: input.example.count / rows, epsilon: epsilon,
      addsToDeviation: true, dividesByDeviation: normalizesVariance)
  }
}
