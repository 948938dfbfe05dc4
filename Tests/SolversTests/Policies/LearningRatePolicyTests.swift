import Oracles
import Solvers
import Testing
import YAML

@Suite("Learning-rate policies") struct LearningRatePolicyTests {
  /// A case of `policies.json`.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let policy: Node
    let base: Double
    /// Iterations of the training.
    let length: Int
    let rates: [(iteration: Int, rate: Double)]

    init(_ node: Node) throws {
      testDescription = try node.required("name").requiredText()
      policy = try node.required("lr_policy")
      base = try node.required("base_lr").number()
      length = Int(try node.required("length").number())
      rates = try node.required("rates").requiredItems().map {
        let pair = try $0.numbers()
        try #require(pair.count == 2)
        return (Int(pair[0]), pair[1])
      }
    }

    static func all() throws -> [Case] {
      try ReferenceFile("policies").cases().map { try Case($0) }
    }
  }

  @Test("give the rate of their formula, computed in 50 digits", arguments: try Case.all())
  func rates(test: Case) throws {
    let policy = try PolicyCatalog.all.decoded(test.policy)
    #expect(test.rates.count >= min(3, test.length))
    for (iteration, expected) in test.rates {
      let rate = policy.rate(base: test.base, iteration: iteration, of: test.length)
      #expect(abs(rate - expected) <= 1e-12 * test.base, "iteration \(iteration)")
    }
  }

  @Test("are all in the reference cases")
  func completeness() throws {
    let cases = try Case.all()
    for name in PolicyCatalog.all.names {
      #expect(cases.contains { $0.policy["type"]?.scalar?.text == name }, "\(name)")
    }
  }

  struct Mistake: CustomTestStringConvertible {
    let yaml: String
    let message: String

    var testDescription: String { yaml }
  }

  @Test(
    "refuse what makes no sequence of rates",
    arguments: [
      Mistake(
        yaml: "{type: step, stepsize: 0}",
        message: "stepsize: expected an integer of at least 1, received '0'"),
      Mistake(
        yaml: "step",
        message: "learning-rate policy step: 'stepsize' is missing: "
          + "expected an integer of at least 1"),
      Mistake(
        yaml: "exp",
        message: "learning-rate policy exp: 'gamma' is missing: "
          + "expected a number from 0 to 1000000"),
      Mistake(
        yaml: "{type: exp, gamma: -1}",
        message: "gamma: expected a number from 0 to 1000000, received '-1'"),
      Mistake(
        yaml: "{type: multistep, stepvalue: [5, 5]}",
        message: "learning-rate policy multistep: stepvalue [5, 5] is not in rising order"),
      Mistake(
        yaml: "{type: multistep, stepvalue: []}",
        message: "stepvalue: expected a list, each item an integer of at least 1, "
          + "received an empty list"),
      Mistake(
        yaml: "{type: multistep, stepvalue: [5, 0]}",
        message: "stepvalue: expected a list, each item an integer of at least 1, received '0'"),
      Mistake(
        yaml: "{type: inv, gamma: 0.1}",
        message: "learning-rate policy inv: 'power' is missing: "
          + "expected a number from 0 to 1000000"),
      Mistake(
        yaml: "{type: sigmoid, gamma: 0.1, stepsize: 0}",
        message: "stepsize: expected an integer of at least 1, received '0'"),
      Mistake(
        yaml: "{type: poly, length: 0}",
        message: "length: expected an integer from 1 to 1000000000000, received '0'"),
      Mistake(
        yaml: "{type: cosine, length: 0}",
        message: "length: expected an integer from 1 to 1000000000000, received '0'"),
      Mistake(
        yaml: "{type: cosine, length: 5, t_mult: 0}",
        message: "t_mult: expected an integer from 1 to 1000000, received '0'"),
      Mistake(
        yaml: "{type: one_cycle, pct_start: 1.5}",
        message: "pct_start: expected a number from 0 to 1, received '1.5'"),
      Mistake(
        yaml: "{type: one_cycle, pct_start: 0.75, three_phase: true}",
        message: "learning-rate policy one_cycle: expected a pct_start of at most 0.5 with "
          + "three_phase, received 0.75"),
      Mistake(
        yaml: "{type: one_cycle, anneal_strategy: cosine}",
        message: "anneal_strategy: expected one of cos, linear, received 'cosine'"),
      Mistake(
        yaml: "{type: inverse_sqrt, timescale: 0}",
        message: "timescale: expected an integer from 1 to 1000000000000, received '0'"),
      Mistake(
        yaml: "{type: plateau, patience: 0}",
        message: "patience: expected an integer from 1 to 1000000000, received '0'"),
      Mistake(
        yaml: "{type: plateau, factor: 1}",
        message: "factor: expected a number from 0 to below 1, received '1'"),
      Mistake(
        yaml: "{type: fixed, gamma: 1}",
        message: "learning-rate policy fixed: unknown field 'gamma'"),
    ])
  func mistakes(test: Mistake) {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try PolicyCatalog.all.decoded(test.yaml)
    }
    #expect(diagnostics?.all.map(\.message) == [test.message])
  }
}
