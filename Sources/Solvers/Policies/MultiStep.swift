package import Fields
internal import Functions
internal import YAML

/// rate = base_lr · gamma^k after k step values
package struct MultiStep: LearningRatePolicy {
  /// The factor of one step.
  var gamma = 0.1
  /// The lengths after which the rate changes, in rising order.
  var stepValues: [Duration] = []

  package init() {}

  package static let reference = Reference(
    "multistep", formula: "rate = base_lr · gamma^k after k step values",
    discussion: "The rate changes by the factor gamma at each of the given iterations or epochs.",
    example: "{type: multistep, gamma: 0.1, stepvalue: [5000, 8000]}")

  package static let fields: [Field<MultiStep>] = [
    .optional("gamma", \.gamma, .within(0...1e6), "The factor of one step."),
    .required(
      "stepvalue", \.stepValues, .each(.any),
      "The iterations or epochs of the steps, in rising order."),
  ]

  /// Refuses step values that do not rise.
  ///
  /// The check compares iterations with iterations and epochs with epochs, because it does not know
  /// the length of an epoch.
  package var inconsistency: String? {
    var last = (iterations: 0, epochs: 0)
    let isRising = stepValues.allSatisfy { value in
      switch value {
      case .iterations(let count):
        defer { last.iterations = count }
        return count > last.iterations
      case .epochs(let count):
        defer { last.epochs = count }
        return count > last.epochs
      }
    }
    guard !isRising else { return nil }
    let texts = stepValues.map { $0.encoded.scalar?.text ?? "" }
    return "stepvalue [\(texts.joined(separator: ", "))] is not in rising order"
  }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    let passed = stepValues.count { training.iterations(in: $0) <= iteration }
    return base * Functions.power(gamma, Double(passed))
  }
}
