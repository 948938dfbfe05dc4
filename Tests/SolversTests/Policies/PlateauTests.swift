import Oracles
import Solvers
import Testing
import YAML

@Suite("Plateaus") struct PlateauTests {
  /// A case of `plateaus.json`: PyTorch's rate after each test.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let policy: Node
    let base: Double
    let isBetterWhenGreater: Bool
    let values: [Double]
    let rates: [Double]

    init(_ node: Node) throws {
      testDescription = try node.required("name").requiredText()
      policy = try node.required("lr_policy")
      base = try node.required("base_lr").number()
      isBetterWhenGreater = try node.required("greater").requiredText() == "true"
      values = try node.required("values").numbers()
      rates = try node.required("rates").numbers()
    }

    static func all() throws -> [Case] {
      try ReferenceFile("plateaus").cases().map { try Case($0) }
    }
  }

  @Test("have PyTorch's rates after each of a series of tests", arguments: try Case.all())
  func rates(test: Case) throws {
    let policy = try #require(
      try PolicyCatalog.all.decoded(test.policy) as? any MeasuredPolicy)
    try #require(test.values.count == test.rates.count && test.values.count >= 20)
    var rate = MeasuredRate(rate: test.base)
    for (value, expected) in zip(test.values, test.rates) {
      policy.observe(value, isBetterWhenGreater: test.isBetterWhenGreater, &rate)
      #expect(abs(rate.rate - expected) <= 1e-12 * test.base)
    }
  }

  @Test("do not count NaN as an improvement, even in the first test")
  func notANumber() throws {
    let policy = try #require(
      try PolicyCatalog.all.decoded("{type: plateau, patience: 1, factor: 0.5}")
        as? any MeasuredPolicy)
    var rate = MeasuredRate(rate: 1)
    policy.observe(.nan, isBetterWhenGreater: false, &rate)
    #expect(rate.best == nil && rate.rate == 1)
    policy.observe(.nan, isBetterWhenGreater: false, &rate)
    #expect(rate.rate == 0.5)
    policy.observe(7, isBetterWhenGreater: false, &rate)
    #expect(rate.best == 7)
  }
}
