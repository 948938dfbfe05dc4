import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

/// Tests which layers the file makes metrics, and which score selects the best test.
@Suite struct RankingTests {
  private static let ip = "name: ip, type: Linear, num_output: 3"
  private static let loss = "name: loss, type: SoftmaxWithLoss, bottom: [ip, label]"

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let layer: String
    /// The expected `loss`, `max`, `min`, or `unknown`. Nil for a layer that reports nothing.
    let role: String?
  }

  @Test(
    arguments: [
      Case(
        testDescription: "stated", layer: "formula: \"ip * 2\", bottom: ip, metric: max",
        role: "max"),
      Case(
        testDescription: "stated for the test phase",
        layer: "formula: \"ip * 2\", bottom: ip, metric: min, phase: test", role: "min"),
      Case(
        testDescription: "weighed in the test phase alone",
        layer: "formula: \"ip * 2\", bottom: ip, loss_weight: 1, phase: test", role: "unknown"),
      Case(
        testDescription: "of weight 0 in the test phase alone",
        layer: "formula: \"ip * 2\", bottom: ip, loss_weight: 0, phase: test", role: "unknown"),
      Case(
        testDescription: "of the labels, and read by none",
        layer: "formula: \"mean(ip, -1) - label\", bottom: [ip, label], phase: test",
        role: "unknown"),
      Case(
        testDescription: "weighed in both phases",
        layer: "formula: \"ip * 2\", bottom: ip, loss_weight: 1", role: "loss"),
      Case(
        testDescription: "a view of the prediction in a test",
        layer: "formula: \"ip * 2\", bottom: ip, phase: test", role: nil),
    ]) func rolesOfAFormula(test: Case) throws
  {
    let text = network([
      RankingTests.ip, RankingTests.loss, "name: m, type: Expression, \(test.layer)",
    ])
    let layer = try #require(try model(text).network.last)
    let role = layer.scoredTops.first.map { top in
      top.weight != nil ? "loss" : layer.metricDirection?.rawValue ?? "unknown"
    }
    #expect(role == test.role)
  }

  /// A layer that a metric reads is not a metric itself, in any order of the two in the file.
  @Test func aHelperOfAMetricIsNoMetric() throws {
    let helper =
      "name: d, type: Expression, formula: \"ip - label\", bottom: [ip, label], phase: test"
    let metric = "name: m, type: Reduction, bottom: d, phase: test, metric: min"
    for layers in [[helper, metric], [metric, helper]] {
      let text = network([RankingTests.ip, RankingTests.loss] + layers)
      let names = try model(text).network.flatMap { layer in
        layer.scoredTops.map { layer.tops[$0.index] }
      }
      #expect(names == ["loss", "m"])
    }
  }

  @Test func refusesAMetricThatIsNone() {
    let text = network([
      RankingTests.ip, RankingTests.loss,
      "name: a, type: Accuracy, metric: max", "name: l, type: EuclideanLoss, metric: min",
      "name: s, type: Silence, bottom: ip, metric: min",
      "name: t, type: ReLU, bottom: ip, metric: min, phase: train",
      "name: b, type: ReLU, bottom: ip, metric: min, loss_weight: 1",
      "name: c, type: ReLU, bottom: ip, metric: biggest",
    ])
    #expect(
      headlines(in: text) == [
        "model.yaml:6:39: error: layer 'a': metric: Accuracy is a metric, which tests already report",
        "model.yaml:7:44: error: layer 'l': metric: EuclideanLoss is a loss, which tests already report",
        "model.yaml:8:50: error: layer 's': metric: the layer has no top to report",
        "model.yaml:9:47: error: layer 't': metric: tests report metrics, but the layer is only in "
          + "the train phase",
        "model.yaml:10:47: error: layer 'b': metric: expected either metric or loss_weight, received "
          + "both",
        "model.yaml:11:47: error: metric: expected one of max, min, received 'biggest'",
      ])
  }

  private func ranking(_ layers: [String], best: String = "") throws -> String? {
    let text = network([RankingTests.ip] + layers).replacing(
      "max_epochs: 1}", with: "max_epochs: 1\(best)}")
    let file = try model(text)
    let scores = file.network.flatMap { layer in
      layer.scoredTops.map { ReportedScore(layer, $0) }
    }
    return Ranking(scores, file.solver.best)?.description
  }

  private static let formula =
    "name: m, type: Expression, bottom: ip, formula: \"ip\", phase: test, loss_weight: 1"

  @Test func followsTheFirstMetricOfKnownDirectionOrTheLosses() throws {
    let accuracy = "name: acc, type: Accuracy, bottom: [ip, label], phase: test"
    let error = "name: err, type: MAE, bottom: [ip, data], phase: test"
    let (loss, formula) = (RankingTests.loss, RankingTests.formula)
    #expect(try ranking([loss]) == "the least test_loss")
    #expect(try ranking([loss, formula]) == "the least test_loss")
    #expect(try ranking([loss, formula, error, accuracy]) == "the least test_err")
    #expect(try ranking([loss, formula, accuracy, error]) == "the greatest test_acc")
    #expect(
      try ranking([loss, "name: l2, type: EuclideanLoss, bottom: [ip, data], loss_weight: 0.5"])
        == "the least weighted sum of test_loss, test_l2")
    #expect(
      try ranking([loss, accuracy], best: ", best: {metric: test_loss}") == "the least test_loss")
    #expect(
      try ranking([loss, formula], best: ", best: {metric: test_m, mode: max}")
        == "the greatest test_m")
  }

  @Test func ranksByDirection() throws {
    let text = network([RankingTests.ip, RankingTests.loss, RankingTests.formula])
    let layers = try model(text).network
    let scores = layers.flatMap { layer in layer.scoredTops.map { ReportedScore(layer, $0) } }
    var rule = BestRule()
    (rule.metric, rule.mode) = ("test_m", .least)
    let least = try #require(Ranking(scores, rule))
    #expect(least.rank([1, 3], weights: [1, nil]) == -3)
    rule.mode = .greatest
    #expect(Ranking(scores, rule)?.rank([1, 3], weights: [1, nil]) == 3)
    #expect(Ranking(scores, nil)?.rank([1, 3], weights: [0.5, nil]) == -0.5)
  }
}
