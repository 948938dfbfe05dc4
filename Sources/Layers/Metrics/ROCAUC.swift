package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors
internal import YAML

/// P(score of class 1 > score of class 0) + P(equal)/2
///
/// The value, a scalar, is the area under the ROC curve. It is the probability that a random
/// example of class 1 has a greater score than one of class 0. A tie counts as one half.
///
/// Scores are [N] or [N, 1], or [N, 2] with a score for each class. If there are two scores, the
/// metric uses their difference. Labels are [N]. The value is NaN if one of the classes is missing.
///
/// The value is exact over all examples of a test set. The metric keeps scores and labels, 16 bytes
/// for each example, and sorts them once at the end.
///
/// Reference: J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a receiver
/// operating characteristic (ROC) curve", 1982.
package struct ROCAUC: Metric, ClassScoring {
  /// The label of the examples that the metric ignores. Nil if it ignores none.
  package var ignoredLabel: Int?

  package init() {}

  package static let reference = Reference(
    "ROCAUC",
    formula: "P(score of class 1 > score of class 0) + P(equal)/2",
    discussion: """
      Bottoms: scores of two classes [N, 2], or of class 1 alone [N, 1], and labels [N] of 0 and 1.
      The area under the ROC curve, exact over all examples of a test set. The metric keeps their
      scores. The value is NaN if a class is missing.
      """,
    example: "{name: auc, type: ROCAUC, phase: test}")

  package static let fields: [Field<ROCAUC>] = [.ignoredLabel(\.ignoredLabel)]

  /// The axis of the two classes.
  package var axis: Int { 1 }
  package var isBetterWhenGreater: Bool { true }
  package var keepsExamples: Bool { true }

  /// Always 2, even if the scores belong to class 1 alone.
  package func classCount(_ scores: Shape) -> Int? { 2 }

  /// - Throws: ``ShapeFailure`` if an example does not have one or two scores and one label.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    let (scores, labels) = (inputs[0], inputs[1])
    guard scores.rank >= 1, (1...2).contains(scores.example.count), labels.rank >= 1,
      labels[0] == scores[0], labels.count == scores[0]
    else {
      throw ShapeFailure(
        "expected one or two scores and one label for each example, received scores "
          + "\(scores.description) and labels \(labels.description)")
    }
  }

  /// A score and a label for each example.
  package func statisticCount(_ inputs: [Shape]) -> Int { 2 * inputs[0][0] }

  /// Computes the area by ranks: U = Σ ranks of class 1 − n₁·(n₁ + 1)/2. Equal scores share their
  /// mean rank.
  package func value(of statistics: [Double]) -> Double {
    var examples: [(score: Double, isPositive: Bool)] = []
    examples.reserveCapacity(statistics.count / 2)
    for place in stride(from: 0, to: statistics.count, by: 2) where statistics[place + 1] != -1 {
      let (score, label) = (statistics[place], statistics[place + 1])
      guard !score.isNaN, !label.isNaN else { return .nan }
      examples.append((score, label == 1))
    }
    examples.sort { $0.score < $1.score }
    var (ranks, positives, start) = (0.0, 0, 0)
    while start < examples.count {
      var end = start
      var matches = 0
      while end < examples.count, examples[end].score == examples[start].score {
        matches += examples[end].isPositive ? 1 : 0
        end += 1
      }
      // The equal scores have the ranks start + 1 to end.
      ranks += Double(matches) * Double(start + 1 + end) / 2
      positives += matches
      start = end
    }
    let (ones, zeros) = (Double(positives), Double(examples.count - positives))
    return ones * zeros > 0 ? (ranks - ones * (ones + 1) / 2) / (ones * zeros) : .nan
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, label, ignored) = (pass.inputs[0], pass.inputs[1], ignoredLabel)
    let width = pass.inputShapes[0].example.count
    recordStatistics("scores", pass, &plan) { binding, statistics in
      let count = binding.examples.count
      return scoredLabels(
        binding.floats(x), width: width,
        ClassLabels(
          binding.floats(label), AxisExtent(outer: count, axis: 2, inner: 1), examples: count,
          ignoring: ignored), statistics: statistics, start: binding.examples.lowerBound)
    }
  }
}
