internal import Glibc
package import YAML

/// rate = base_lr · gamma^k, k = the number of step values that are not above the iteration
package struct MultiStep: LearningRatePolicy {
  var gamma = 0.1
  var stepValues: [Int] = []

  package init() {}

  package static let reference = Reference(
    "multistep", formula: "rate = base_lr · gamma^k, k step values passed",
    discussion: "The rate falls by the factor gamma at each of the given iterations.",
    example: "{type: multistep, gamma: 0.1, stepvalue: [5000, 8000]}")

  package static let fields: [Field<MultiStep>] = [
    .optional("gamma", \.gamma, .within(0...1e6), "The factor of a step."),
    .required(
      "stepvalue", \.stepValues, .each(.atLeast(1)), "Iterations at which a step is taken."),
  ]

  package var inconsistency: String? {
    let isRising = zip(stepValues, stepValues.dropFirst()).allSatisfy { $0 < $1 }
    return isRising ? nil : "stepvalue \(stepValues) is not in rising order"
  }

  package func rate(base: Double, iteration: Int, of length: Int) -> Double {
    let passed = stepValues.count { $0 <= iteration }
    return base * pow(gamma, Double(passed))
  }
}
