package import Fields
internal import Kernels
package import LayerKernels
package import Tensors

/// y = (x − μ)/(σ + eps) over the positions of a channel, or of all channels
///
/// x and y are [N, C, …]. μ and σ are the mean and the standard deviation of one channel of one
/// example, or of all its channels. With `normalize_variance: false`, y = x − μ.
///
/// ∂x = (∂y − mean ∂y − n · (σ + eps)/σ · mean (∂y·n))/(σ + eps), with n = y. If σ is 0, y is 0.
///
/// As in Caffe, eps is added to the deviation. The other normalizations add it to the variance.
package struct MVN: RowNormalizing {
  /// True if the layer divides by the deviation.
  var normalizesVariance = true
  /// True if all channels of an example have common moments.
  var acrossChannels = false
  /// The summand that keeps the divisor positive.
  var epsilon = 1e-9

  package init() {}

  package var removesScale: Bool { normalizesVariance }

  package static let reference = Reference(
    "MVN",
    formula: "y = (x − μ)/(σ + eps)",
    discussion: """
      Mean and deviation are those of each channel of each example of [N, C, …], or of all its
      channels together. As in Caffe, eps is added to the deviation, after the root.
      """,
    example: "{name: norm1, type: MVN, across_channels: true}")

  package static let fields: [Field<MVN>] = [
    .optional(
      "normalize_variance", \.normalizesVariance,
      "Whether to divide by the deviation; false: only the mean is subtracted."),
    .optional(
      "across_channels", \.acrossChannels, "Whether all channels of an example have common moments."
    ),
    .optional("eps", \.epsilon, .within(1e-20...1), "The term that is added to the deviation."),
  ]

  package var idleFields: [IdleField] {
    normalizesVariance ? [] : [IdleField("eps", since: "normalize_variance is false")]
  }

  /// - Throws: ``ShapeFailure`` if a row has fewer than two values.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].example.count > 0 else {
      throw ShapeFailure("expected [N, C, …] with at least one value in each example")
    }
    try checkRows(inputs[0])
    return inputs
  }

  /// A row holds the positions of one channel, or of all channels.
  package func rows(of input: Shape, examples: Int) -> NormalizedRows {
    let rows = acrossChannels ? 1 : input[1]
    return NormalizedRows(
      rows: examples * rows, width: input.example.count / rows, epsilon: epsilon,
      addsToDeviation: true, dividesByDeviation: normalizesVariance)
  }
}
