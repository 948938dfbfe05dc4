package import Fields
internal import LayerKernels
package import Plans
package import Tensors
internal import YAML

/// (1/M)·Σ [label among the top_k greatest of x]
///
/// x is [N, C, …], and the labels are [N, …]. The value, a scalar, is the share of positions whose
/// label belongs to one of the `top_k` greatest scores. M counts the positions that are not
/// ignored.
///
/// If scores are equal, the lowest class comes first, as in argmax. With `ties: caffe`, every score
/// that equals the label's score counts as greater. Equal scores for all classes then have accuracy
/// 0 instead of 1/C.
///
/// Labels may also be probabilities [N, C, …]. The label is then the class with the greatest one.
///
/// With `multi_label`, scores and labels have the same shape, and the value is the share of right
/// decisions about all labels. A score above 0 predicts the label.
package struct Accuracy: Metric, ClassScoring {
  /// The order of equal scores.
  package enum Ties: String, FieldChoice {
    /// The lowest class comes first.
    case argmax
    /// The label's class comes last, as in Caffe.
    case caffe
  }

  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// The number of greatest scores that may contain the label.
  var topCount = 1
  /// The order of equal scores.
  var ties = Ties.argmax
  /// Whether an example has several labels, each 0 or 1.
  var hasSeveralLabels = false
  /// True if a table reports the share of each class.
  var isPerClass = false

  package init() {}

  package static let reference = Reference(
    "Accuracy",
    formula: "(1/M)·Σ [label among the top_k greatest of x]",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …], or probabilities of the scores' shape. The label
      is then the class with the greatest one. If scores are equal, the lowest class comes
      first, as in argmax. With ties: caffe every tie is a mistake: equal scores for all classes
      have accuracy 0 instead of 1/C. Over a test set, the value is the exact share of all examples.
      per_class adds a table with the share of each class.
      """,
    example: "{name: accuracy, type: Accuracy, phase: test, top_k: 3}")

  package static let fields: [Field<Accuracy>] = [
    .classAxis(\.axis),
    .optional(
      "top_k", \.topCount, .within(1...1_000_000),
      "The number of greatest scores that may contain the label."),
    .ignoredLabel(\.ignoredLabel),
    .optional(
      "ties", \.ties,
      "The order of equal scores: argmax puts the lowest class first, caffe puts the label last."),
    .severalLabels(\.hasSeveralLabels),
    .optional("per_class", \.isPerClass, "Whether to add a table with the share of each class."),
  ]

  package var isBetterWhenGreater: Bool { true }

  package var acceptsProbabilities: Bool { !hasSeveralLabels }

  package var classScoring: (any ClassScoring)? { hasSeveralLabels ? nil : self }

  package var predictionMeaning: OutputMeaning { hasSeveralLabels ? .independentScores : .scores }

  package var idleFields: [IdleField] {
    hasSeveralLabels
      ? ["axis", "top_k", "ignore_label", "ties"].map {
        IdleField($0, since: "multi_label is true")
      } : []
  }

  /// - Throws: ``ShapeFailure`` if scores and labels do not fit, or if `top_k` exceeds the classes.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    guard !hasSeveralLabels else { return try inputs.checkSameSize() }
    try checkTargets(inputs)
    guard let classes = classCount(inputs[0]), topCount > classes else { return }
    throw ShapeFailure("top_k: expected at most the \(classes) classes, received \(topCount)")
  }

  package func statisticCount(_ inputs: [Shape]) -> Int {
    let classes = hasSeveralLabels ? inputs[0].example.count : classCount(inputs[0])
    return ClassStatistics.matchCount(classes: classes ?? 0, isPerClass: isPerClass)
  }

  /// The matches divided by the number of positions that are not ignored. 0 if all are ignored.
  package func value(of statistics: [Double]) -> Double { statistics[0] / max(statistics[1], 1) }

  /// The share and the number of positions of each class. NaN for a class without positions.
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
    guard !hasSeveralLabels else { return countLabels(pass, &plan) }
    let (x, labels, isPerClass) = (pass.inputs[0], classLabels(pass), isPerClass)
    let rule = MatchRule(topCount: topCount, losesTies: ties == .caffe)
    recordStatistics("accuracy", pass, &plan) { binding, statistics in
      classMatches(
        binding.floats(x), labels(binding), statistics: statistics, rule, isPerClass: isPerClass)
    }
  }

  private func countLabels(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, isPerLabel) = (pass.inputs[0], pass.inputs[1], isPerClass)
    let width = pass.inputShapes[0].example.count
    recordStatistics("label matches", pass, &plan) { binding, statistics in
      labelMatches(
        binding.floats(x), binding.floats(y), statistics: statistics,
        examples: binding.examples.count, width: width, isPerLabel: isPerLabel)
    }
  }
}
