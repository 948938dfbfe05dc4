package import Fields
internal import YAML

/// rate = base_lr / √(1 + iteration / timescale)
///
/// With `warmup` of as many iterations it is near to the schedule of the Transformer.
///
/// Reference: A. Vaswani et al., "Attention is all you need", 2017.
package struct InverseSquareRoot: LearningRatePolicy {
  var timescale = Duration.iterations(1000)

  package init() {}

  package static let reference = Reference(
    "inverse_sqrt", formula: "rate = base_lr / √(1 + iteration / timescale)",
    discussion:
      "Falls to 1/√2 of base_lr after timescale, to a half after three times as long.",
    example: "{type: inverse_sqrt, timescale: 1000}")

  package static let fields: [Field<InverseSquareRoot>] = [
    .optional("timescale", \.timescale, "How slowly the rate falls.")
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base / (1 + Double(iteration) / Double(training.iterations(in: timescale))).squareRoot()
  }
}
