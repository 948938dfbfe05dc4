package import Fields

/// rate = base_lr / √(1 + iteration / timescale)
///
/// With a `warmup` of the same length, the policy is close to the schedule of the Transformer.
///
/// Reference: A. Vaswani et al., "Attention is all you need", 2017.
package struct InverseSquareRoot: LearningRatePolicy {
  /// The length after which the rate is base_lr / √2.
  var timescale = Duration.iterations(1000)

  package init() {}

  package static let reference = Reference(
    "inverse_sqrt", formula: "rate = base_lr / √(1 + iteration / timescale)",
    discussion:
      "The rate is base_lr/√2 after one timescale and base_lr/2 after three.",
    example: "{type: inverse_sqrt, timescale: 1000}")

  package static let fields: [Field<InverseSquareRoot>] = [
    .optional("timescale", \.timescale, "The length after which the rate is base_lr/√2.")
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base / (1 + Double(iteration) / Double(training.iterations(in: timescale))).squareRoot()
  }
}
