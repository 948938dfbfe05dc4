package import Fields
internal import Functions

/// rate = base_lr · (1 + gamma · iteration)^−power
///
/// The rate falls quickly at first, and then more and more slowly. Caffe uses this policy for
/// LeNet.
package struct Inverse: LearningRatePolicy {
  /// The speed of the fall. The rate begins to fall after about 1 / gamma iterations.
  var gamma = 0.0001
  /// The exponent of the fall.
  var power = 0.75

  package init() {}

  package static let reference = Reference(
    "inv", formula: "rate = base_lr · (1 + gamma · iteration)^−power",
    discussion: "The rate falls more and more slowly.",
    example: "{type: inv, gamma: 0.0001, power: 0.75}")

  package static let fields: [Field<Inverse>] = [
    .required("gamma", \.gamma, .within(0...1e6), "The speed of the fall."),
    .required("power", \.power, .within(0...1e6), "The exponent of the fall."),
  ]

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base * Functions.power(1 + gamma * Double(iteration), -power)
  }
}
