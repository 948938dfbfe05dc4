package import Fields
internal import Glibc
internal import YAML

/// rate = base_lr · (1 − iteration / length)^power
package struct Polynomial: LearningRatePolicy {
  var power = 1.0
  var length: Duration?

  package init() {}

  package static let reference = Reference(
    "poly", formula: "rate = base_lr · (1 − iteration / length)^power",
    discussion: "Falls to 0 at the end of the training, or after length iterations.",
    example: "{type: poly, power: 2}")

  package static let fields: [Field<Polynomial>] = [
    .optional("power", \.power, .within(0...1e6), "The power: 1 is a straight line."),
    .optional("length", \.length, lengthSummary),
  ]

  package var endsWithTraining: Bool { length == nil }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    base * pow(1 - share(iteration, of: training.iterations(in: length)), power)
  }
}

/// What the policies that end say of their length.
let lengthSummary = "How long until the end is reached. Default: the whole training."

extension TrainingLength {
  /// The iterations of a policy's length: where it states none, those of the whole training.
  func iterations(in length: Duration?) -> Int { length.map { iterations(in: $0) } ?? iterations }
}

/// How much of `length` iterations is over, from 0 to 1.
func share(_ iteration: Int, of length: Int) -> Double {
  Double(min(iteration, length)) / Double(length)
}
