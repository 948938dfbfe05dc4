package import Fields
internal import Functions

/// rate = base_lr · gamma^⌊iteration / stepsize⌋
///
/// `stepsize` may count iterations or epochs.
package struct Step: LearningRatePolicy {
  /// The factor of one step.
  var gamma = 0.1
  /// The length between two steps.
  var stepSize = Duration.iterations(1)

  package init() {}

  package static let reference = Reference(
    "step", formula: "rate = base_lr · gamma^⌊iteration / stepsize⌋",
    discussion: "The rate changes by the factor gamma after each stepsize of iterations or epochs.",
    example: "{type: step, gamma: 0.1, stepsize: 1000}")

  package static let fields: [Field<Step>] = [
    .optional("gamma", \.gamma, .within(0...1e6), "The factor of one step."),
    .required("stepsize", \.stepSize, "The length between two steps."),
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base * Functions.power(gamma, Double(iteration / training.iterations(in: stepSize)))
  }
}
