package import Fields
internal import Glibc
internal import YAML

/// rate = base_lr · (1 + gamma · iteration)^−power
package struct Inverse: LearningRatePolicy {
  var gamma = 0.0001
  var power = 0.75

  package init() {}

  package static let reference = Reference(
    "inv", formula: "rate = base_lr · (1 + gamma · iteration)^−power",
    discussion: "The rate falls ever more slowly.",
    example: "{type: inv, gamma: 0.0001, power: 0.75}")

  package static let fields: [Field<Inverse>] = [
    .required("gamma", \.gamma, .within(0...1e6), "How soon the rate falls."),
    .required("power", \.power, .within(0...1e6), "How far it falls."),
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base * pow(1 + gamma * Double(iteration), -power)
  }
}
