import Fields
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
      let rate = policy.rate(
        base: test.base, iteration: iteration, of: TrainingLength(iterations: test.length))
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

  /// An epoch has ten batches, and an iteration takes four.
  @Test(
    "convert epochs of the training into whole iterations",
    arguments: [
      ("{type: step, gamma: 0.5, stepsize: 2 epochs}", "{type: step, gamma: 0.5, stepsize: 5}"),
      ("{type: step, gamma: 0.5, stepsize: 1 epoch}", "{type: step, gamma: 0.5, stepsize: 3}"),
      (
        "{type: multistep, stepvalue: [4, 2 epochs, 6, 3 epochs]}",
        "{type: multistep, stepvalue: [4, 5, 6, 8]}"
      ),
      ("{type: poly, length: 4 epochs}", "{type: poly, length: 10}"),
      ("{type: sigmoid, gamma: 1, stepsize: 2 epochs}", "{type: sigmoid, gamma: 1, stepsize: 5}"),
      ("{type: linear, length: 3 epochs}", "{type: linear, length: 8}"),
      ("{type: cosine, length: 1 epoch, t_mult: 2}", "{type: cosine, length: 3, t_mult: 2}"),
      ("{type: one_cycle, length: 7 epochs}", "{type: one_cycle, length: 18}"),
      ("{type: inverse_sqrt, timescale: 2 epochs}", "{type: inverse_sqrt, timescale: 5}"),
    ])
  func epochs(stated: String, iterations: String) throws {
    let training = TrainingLength(iterations: 20, batchesPerEpoch: 10, iterationSize: 4)
    let rates = try [stated, iterations].map { text in
      let policy = try PolicyCatalog.all.decoded(text)
      return (0..<20).map { policy.rate(base: 0.5, iteration: $0, of: training) }
    }
    #expect(rates[0] == rates[1])
    #expect(Set(rates[0]).count > 1)
  }

  /// The longest lengths that a file may state do not overflow.
  @Test(
    "have a rate for the longest lengths",
    arguments: [
      "type: step, stepsize", "type: sigmoid, gamma: 0.1, stepsize",
      "type: cosine, t_mult: 1000000, length", "type: one_cycle, length", "type: poly, length",
      "type: multistep, stepvalue", "type: inverse_sqrt, timescale",
    ])
  func longest(fields: String) throws {
    let policy = try PolicyCatalog.all.decoded("{\(fields): 1000000000000 epochs}")
    let training = TrainingLength(
      iterations: Duration.limit, batchesPerEpoch: 1 << 30, iterationSize: 1)
    for iteration in [0, Duration.limit - 1] {
      #expect((0...1).contains(policy.rate(base: 1, iteration: iteration, of: training)))
    }
  }

  private static let duration =
    "a number of iterations from 1 to 1000000000000, or a text such as '10 epochs'"

  struct Mistake: CustomTestStringConvertible {
    let yaml: String
    let message: String

    var testDescription: String { yaml }
  }

  @Test(
    "refuse values that do not define a rate",
    arguments: [
      Mistake(
        yaml: "{type: step, stepsize: 0}",
        message: "stepsize: expected \(duration), received '0'"),
      Mistake(
        yaml: "step",
        message: "learning-rate policy step: 'stepsize' is missing: "
          + "expected \(duration)"),
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
        message: "stepvalue: expected a list, each item \(duration), received an empty list"),
      Mistake(
        yaml: "{type: multistep, stepvalue: [5, 0]}",
        message: "stepvalue: expected a list, each item \(duration), received '0'"),
      Mistake(
        yaml: "{type: multistep, stepvalue: [2 epochs, 500, 2 epochs, 600]}",
        message: "learning-rate policy multistep: stepvalue [2 epochs, 500, 2 epochs, 600] is not "
          + "in rising order"),
      Mistake(
        yaml: "{type: step, stepsize: 1.5 epochs}",
        message: "stepsize: expected \(duration), received '1.5 epochs'"),
      Mistake(
        yaml: "{type: inv, gamma: 0.1}",
        message: "learning-rate policy inv: 'power' is missing: "
          + "expected a number from 0 to 1000000"),
      Mistake(
        yaml: "{type: sigmoid, gamma: 0.1, stepsize: 0}",
        message: "stepsize: expected \(duration), received '0'"),
      Mistake(
        yaml: "{type: poly, length: 0}",
        message: "length: expected \(duration), received '0'"),
      Mistake(
        yaml: "{type: cosine, length: 0}",
        message: "length: expected \(duration), received '0'"),
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
        message: "timescale: expected \(duration), received '0'"),
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
