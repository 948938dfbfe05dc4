package import Fields
internal import Functions

/// rate = base_lr · gamma^iteration
///
/// gamma is the factor of one update. A gamma below 1 lowers the rate, and a gamma above 1 raises
/// it.
package struct Exponential: LearningRatePolicy {
  /// The factor of one update.
  var gamma = 0.1

  package init() {}

  package static let reference = Reference(
    "exp", formula: "rate = base_lr · gamma^iteration",
    discussion: "The rate falls by the factor gamma in every update.",
    example: "{type: exp, gamma: 0.999}")

  package static let fields: [Field<Exponential>] = [
    .required("gamma", \.gamma, .within(0...1e6), "The factor of one update.")
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base * Functions.power(gamma, Double(iteration))
  }
}
