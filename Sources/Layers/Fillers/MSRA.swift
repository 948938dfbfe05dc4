package import Fields
package import Tensors

/// w ~ N(0, 2/n), n by `variance_norm`; U[−√(6/n), √(6/n)) with `distribution: uniform`
///
/// The filler suits layers before a ReLU. ReLU halves the mean square, and the factor 2 restores
/// it.
///
/// Reference: K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", 2015.
package struct MSRA: Filler {
  /// The connections that n counts.
  var varianceNorm = VarianceNorm.fanIn
  /// The distribution of the weights.
  var distribution = Distribution.normal

  package init() {}

  package static let reference = Reference(
    "msra", formula: "w ~ N(0, 2/n)",
    discussion: """
      n is the number of inputs of a unit (FAN_IN), the number of outputs (FAN_OUT), or their mean
      (AVERAGE).
      """,
    example: "{type: msra}")

  package static let fields: [Field<MSRA>] = [
    .optional("variance_norm", \.varianceNorm, "The connections that n counts."),
    .optional(
      "distribution", \.distribution, "Normal numbers, or uniform numbers of the same variance."),
  ]

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    distribution.values(variance: 2 / varianceNorm.connections(of: shape), shape, random)
  }
}
