package import Fields
internal import Functions

/// rate = base_lr / (1 + e^(−gamma · (iteration − stepsize)))
///
/// The rate rises from about 0 to base_lr, and is base_lr/2 at `stepsize`. Caffe computes the same,
/// although its comment calls the policy a decay.
package struct SigmoidRise: LearningRatePolicy {
  /// The steepness of the rise, per iteration.
  var gamma = 0.01
  /// The length after which the rate is base_lr/2.
  var stepSize = Duration.iterations(1)

  package init() {}

  package static let reference = Reference(
    "sigmoid", formula: "rate = base_lr / (1 + e^(−gamma · (iteration − stepsize)))",
    discussion: "As in Caffe, the rate rises. It is base_lr/2 at stepsize.",
    example: "{type: sigmoid, gamma: 0.01, stepsize: 500}")

  package static let fields: [Field<SigmoidRise>] = [
    .required("gamma", \.gamma, .within(0...1e6), "The steepness of the rise."),
    .required("stepsize", \.stepSize, "The length after which the rate is base_lr/2."),
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    let middle = Double(training.iterations(in: stepSize))
    return base * sigmoid(gamma * (Double(iteration) - middle))
  }
}
