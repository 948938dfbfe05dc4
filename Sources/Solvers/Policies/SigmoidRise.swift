package import Fields
internal import Glibc
internal import YAML

/// rate = base_lr / (1 + e^(−gamma · (iteration − stepsize)))
///
/// Rises from about 0 to base_lr, with half of it at `stepsize`: what Caffe computes, though its comment calls it a
/// decay.
package struct SigmoidRise: LearningRatePolicy {
  var gamma = 0.01
  var stepSize = Duration.iterations(1)

  package init() {}

  package static let reference = Reference(
    "sigmoid", formula: "rate = base_lr / (1 + e^(−gamma · (iteration − stepsize)))",
    discussion: "As in Caffe the rate rises, and is half of base_lr at stepsize.",
    example: "{type: sigmoid, gamma: 0.01, stepsize: 500}")

  package static let fields: [Field<SigmoidRise>] = [
    .required("gamma", \.gamma, .within(0...1e6), "How steep the rise is."),
    .required("stepsize", \.stepSize, "How long until half of base_lr is reached."),
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    let middle = Double(training.iterations(in: stepSize))
    return base / (1 + exp(-gamma * (Double(iteration) - middle)))
  }
}
