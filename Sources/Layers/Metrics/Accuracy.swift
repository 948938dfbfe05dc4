package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// (1/M)·Σ [label among the top_k greatest of x]
///
/// The share of positions whose label's class has one of the `top_k` greatest scores
///
/// Scores are [N, C, …], labels [N, …]; the value is a scalar. Of equal scores the lowest class counts as the greatest,
/// as argmax does; Caffe (`ties: caffe`) counts every score that equals the label's as greater.
package struct Accuracy: Metric, ClassScoring {
  /// Which of equal scores come first.
  package enum Ties: String, FieldChoice {
    case argmax
    case caffe
  }

  package var axis = 1
  package var ignoredLabel: Int?
  var topCount = 1
  var ties = Ties.argmax
  var isPerClass = false

  package init() {}

  package static let reference = Reference(
    "Accuracy",
    formula: "(1/M)·Σ [label among the top_k greatest of x]",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. Of equal scores the lowest class counts as the greatest, as argmax
      does; with ties caffe every tie is a mistake, so that all-equal scores have accuracy 0 there and 1/C here.
      Over a test set: the exact share of all its examples. per_class adds a table with the share of each class.
      """,
    example: "{name: accuracy, type: Accuracy, phase: test, top_k: 3}")

  package static let fields: [Field<Accuracy>] = [
    .classAxis(\.axis),
    .optional(
      "top_k", \.topCount, .within(1...1_000_000), "How many of the greatest scores may be right."),
    .ignoredLabel(\.ignoredLabel),
    .optional("ties", \.ties, "Which of equal scores comes first: the lowest class, or the other."),
    .optional("per_class", \.isPerClass, "Adds a table with the share of each class."),
  ]

  package var isBetterWhenGreater: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
    guard let classes = classCount(inputs[0]), topCount > classes else { return }
    throw ShapeFailure("top_k: expected at most the \(classes) classes, received \(topCount)")
  }

  package func statisticCount(_ inputs: [Shape]) -> Int {
    ClassStatistics.matchCount(classes: classCount(inputs[0]) ?? 0, isPerClass: isPerClass)
  }

  package func value(of statistics: [Double]) -> Double { statistics[0] / max(statistics[1], 1) }

  package func table(of statistics: [Double], classNames: [String]) -> ScoreTable? {
    guard isPerClass else { return nil }
    let rows = (1..<statistics.count / 2).map { place in
      let (right, count) = (statistics[2 * place], statistics[2 * place + 1])
      return ScoreTable.Row(
        ScoreTable.name(of: place - 1, classNames), [count > 0 ? right / count : .nan, count])
    }
    return ScoreTable("class", columns: ["accuracy", "count"], rows: rows)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, labels, isPerClass) = (pass.inputs[0], classLabels(pass), isPerClass)
    let rule = MatchRule(topCount: topCount, losesTies: ties == .caffe)
    recordStatistics("accuracy", pass, &plan) { binding, statistics in
      classMatches(
        binding.floats(x), labels(binding), statistics: statistics, rule, isPerClass: isPerClass)
    }
  }
}
