internal import Glibc
package import YAML

/// rate = base_lr · gamma^k, k step values passed
package struct MultiStep: LearningRatePolicy {
  var gamma = 0.1
  var stepValues: [Duration] = []

  package init() {}

  package static let reference = Reference(
    "multistep", formula: "rate = base_lr · gamma^k, k step values passed",
    discussion: "The rate falls by the factor gamma at each of the given iterations or epochs.",
    example: "{type: multistep, gamma: 0.1, stepvalue: [5000, 8000]}")

  package static let fields: [Field<MultiStep>] = [
    .optional("gamma", \.gamma, .within(0...1e6), "The factor of a step."),
    .required(
      "stepvalue", \.stepValues, .each(.any),
      "After how long each step is taken, in rising order."),
  ]

  package var inconsistency: String? {
    // Iterations and epochs each for themselves: how many an epoch has is not known here.
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
    return base * pow(gamma, Double(passed))
  }
}
