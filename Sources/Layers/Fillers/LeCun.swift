package import Fields
package import Tensors

/// w ~ N(0, 1/n), n the inputs of a unit; U[−√(3/n), √(3/n)) with `distribution: uniform`
///
/// A linear layer with these weights keeps the variance of its input. With ``SELU`` after each
/// linear layer, all activations keep their variance.
///
/// Reference: Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, "Efficient BackProp", 1998.
package struct LeCun: Filler {
  /// The distribution of the weights.
  var distribution = Distribution.normal

  package init() {}

  package static let reference = Reference(
    "lecun", formula: "w ~ N(0, 1/n)",
    discussion: "n is the number of inputs of a unit. Keeps the variance of the input.",
    example: "{type: lecun}")

  package static let fields: [Field<LeCun>] = [
    .optional(
      "distribution", \.distribution, "Normal numbers, or uniform numbers of the same variance.")
  ]

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    distribution.values(variance: 1 / VarianceNorm.fanIn.connections(of: shape), shape, random)
  }
}
