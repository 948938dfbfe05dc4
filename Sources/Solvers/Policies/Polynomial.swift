package import Fields
internal import Functions

/// rate = base_lr · (1 − iteration / length)^power
///
/// After `length` iterations the rate is 0.
package struct Polynomial: LearningRatePolicy {
  /// The exponent. 1 gives a straight line.
  var power = 1.0
  /// The length of the decay. Nil means the whole training.
  var length: Duration?

  package init() {}

  package static let reference = Reference(
    "poly", formula: "rate = base_lr · (1 − iteration / length)^power",
    discussion: "The rate is 0 at the end of the training, or after length iterations.",
    example: "{type: poly, power: 2}")

  package static let fields: [Field<Polynomial>] = [
    .optional("power", \.power, .within(0...1e6), "The exponent. 1 gives a straight line."),
    .optional("length", \.length, lengthSummary),
  ]

  package var endsWithTraining: Bool { length == nil }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base * Functions.power(1 - share(iteration, of: training.iterations(in: length)), power)
  }
}

/// The help text of `length`, which several policies share.
let lengthSummary = "The length after which the policy ends. Default: the whole training."

extension TrainingLength {
  /// The iterations of a policy's length. Nil means those of the whole training.
  func iterations(in length: Duration?) -> Int { length.map { iterations(in: $0) } ?? iterations }
}

/// The completed share of `length` iterations, from 0 to 1.
func share(_ iteration: Int, of length: Int) -> Double {
  Double(min(iteration, length)) / Double(length)
}
