internal import Fields
internal import LayerKernels
package import Plans
package import Tensors
internal import YAML

/// A metric that is a ratio of counts for each class.
///
/// Scores are [N, C, …] and labels are [N, …]. The prediction is the class with the greatest score.
/// If scores are equal, it is the lowest class. Labels may also be probabilities [N, C, …]. The
/// label is then the class with the greatest one.
///
/// With several labels for each example, scores and labels have the same shape, and every label is a
/// class of its own. A score above 0 predicts the label.
package protocol ClassMetric: Metric, ClassScoring {
  /// The way in which the ratios of all classes are combined.
  var average: ClassAverage { get }
  /// The single class that the metric measures. Nil for the average of all classes.
  var positiveClass: Int? { get }

  /// Whether an example has several labels, each 0 or 1.
  var hasSeveralLabels: Bool { get }

  /// Returns the figure of one class, or of summed counts.
  func ratio(_ count: ClassCount) -> Double
}

extension ClassMetric {
  /// The field `average`, which has no effect if the metric measures a single class.
  var idleAverage: [IdleField] {
    positiveClass.map { [IdleField("average", since: "class \($0) is the only class that counts")] }
      ?? []
  }

  /// The fields that have no effect with several labels for each example.
  var idleLabelFields: [IdleField] {
    hasSeveralLabels
      ? ["axis", "ignore_label"].map { IdleField($0, since: "multi_label is true") } : []
  }

  package var isBetterWhenGreater: Bool { true }

  package var hasSeveralLabels: Bool { false }

  package var acceptsProbabilities: Bool { !hasSeveralLabels }

  package var classScoring: (any ClassScoring)? { hasSeveralLabels ? nil : self }

  package var predictionMeaning: OutputMeaning { hasSeveralLabels ? .independentScores : .scores }

  /// The number of classes, or of labels.
  private func figureCount(_ inputs: [Shape]) -> Int? {
    hasSeveralLabels ? inputs[0].example.count : classCount(inputs[0])
  }

  /// - Throws: ``ShapeFailure`` if scores and labels do not fit, or if `class` does not exist.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    if hasSeveralLabels {
      try inputs.checkSameSize()
    } else {
      try checkTargets(inputs)
    }
    guard let classes = figureCount(inputs), let positiveClass, positiveClass >= classes else {
      return
    }
    throw ShapeFailure(
      "class: expected one of the \(classes) classes from 0, received \(positiveClass)")
  }

  package func statisticCount(_ inputs: [Shape]) -> Int {
    (figureCount(inputs) ?? 0) * ClassStatistics.countWidth
  }

  /// Returns the counts of each class.
  func counts(_ statistics: [Double]) -> [ClassCount] {
    stride(from: 0, to: statistics.count, by: ClassStatistics.countWidth).map {
      ClassCount(
        matches: statistics[$0], predicted: statistics[$0 + 1], actual: statistics[$0 + 2])
    }
  }

  /// The ratio of the single measured class, or the combined ratio of all classes.
  package func value(of statistics: [Double]) -> Double {
    let counts = counts(statistics)
    if let positiveClass {
      return counts.indices.contains(positiveClass) ? ratio(counts[positiveClass]) : .nan
    }
    switch average {
    case .macro:
      let there = counts.filter { $0.actual + $0.predicted != 0 }
      return there.reduce(0) { $0 + ratio($1) } / max(Double(there.count), 1)
    case .micro:
      return ratio(
        counts.reduce(into: ClassCount()) {
          $0.matches += $1.matches
          $0.predicted += $1.predicted
          $0.actual += $1.actual
        })
    case .weighted:
      let total = counts.reduce(0) { $0 + $1.actual }
      return counts.reduce(0) { $0 + $1.actual * ratio($1) } / max(total, 1)
    }
  }

  /// Precision, recall, F1 and the number of positions of each class.
  package func table(of statistics: [Double], classNames: [String]) -> ScoreTable? {
    let rows = counts(statistics).enumerated().map { index, count in
      ScoreTable.Row(
        ScoreTable.name(of: index, classNames),
        [count.precision, count.recall, count.f1, count.actual])
    }
    return ScoreTable("class", columns: ["precision", "recall", "f1", "count"], rows: rows)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    guard !hasSeveralLabels else { return countLabels(pass, &plan) }
    let (x, labels) = (pass.inputs[0], classLabels(pass))
    recordStatistics("class counts", pass, &plan) { binding, statistics in
      classCounts(binding.floats(x), labels(binding), statistics: statistics)
    }
  }
}

extension ClassMetric {
  private func countLabels(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, width) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0].example.count)
    recordStatistics("label counts", pass, &plan) { binding, statistics in
      labelCounts(
        binding.floats(x), binding.floats(y), statistics: statistics,
        examples: binding.examples.count, width: width)
    }
  }
}

extension Field {
  /// The field `multi_label`.
  static func severalLabels(_ path: any WritableKeyPath<Owner, Bool> & Sendable) -> Field {
    .optional(
      "multi_label", path,
      "Whether an example has several labels, each 0 or 1. A score above 0 predicts the label.")
  }

  /// The field `average`.
  static func average(_ path: any WritableKeyPath<Owner, ClassAverage> & Sendable) -> Field {
    .optional("average", path, "The way in which the figures of the classes are combined.")
  }

  /// The field `class`.
  static func positiveClass(_ path: any WritableKeyPath<Owner, Int?> & Sendable) -> Field {
    .optional(
      "class", path, .given(.within(0...1_000_000)),
      "The single class to measure. Default: the average of all classes.")
  }
}
