package import Fields
package import Tensors

/// w ~ U[−√(3/n), √(3/n)), n by `variance_norm`; N(0, 1/n) with `distribution: normal`
///
/// The variance is 1/n, so that a linear layer keeps the variance of its input. PyTorch's
/// `xavier_uniform_` corresponds to `variance_norm: AVERAGE`.
///
/// Reference: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward
/// neural networks", 2010.
package struct Xavier: Filler {
  /// The connections that n counts.
  var varianceNorm = VarianceNorm.fanIn
  /// The distribution of the weights.
  var distribution = Distribution.uniform

  package init() {}

  package static let reference = Reference(
    "xavier", formula: "w ~ U[−√(3/n), √(3/n))",
    discussion: """
      n is the number of inputs of a unit (FAN_IN), the number of outputs (FAN_OUT), or their mean
      (AVERAGE).
      """,
    example: "{type: xavier, variance_norm: AVERAGE}")

  package static let fields: [Field<Xavier>] = [
    .optional("variance_norm", \.varianceNorm, "The connections that n counts."),
    .optional(
      "distribution", \.distribution, "Uniform numbers, or normal numbers of the same variance."),
  ]

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    distribution.values(variance: 1 / varianceNorm.connections(of: shape), shape, random)
  }
}
