package import Fields
internal import Glibc
internal import YAML

/// rate = base_lr · gamma^⌊iteration / stepsize⌋
package struct Step: LearningRatePolicy {
  var gamma = 0.1
  var stepSize = Duration.iterations(1)

  package init() {}

  package static let reference = Reference(
    "step", formula: "rate = base_lr · gamma^⌊iteration / stepsize⌋",
    discussion: "The rate falls by the factor gamma after every stepsize, of iterations or epochs.",
    example: "{type: step, gamma: 0.1, stepsize: 1000}")

  package static let fields: [Field<Step>] = [
    .optional("gamma", \.gamma, .within(0...1e6), "The factor of a step."),
    .required("stepsize", \.stepSize, "How long from one step to the next."),
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base * pow(gamma, Double(iteration / training.iterations(in: stepSize)))
  }
}
