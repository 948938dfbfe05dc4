package import Fields

/// 2·matches / (predicted + actual), averaged over the classes
///
/// Scores are [N, C, …], labels are [N, …], and the value is a scalar. The formula equals
/// 2·precision·recall / (precision + recall). The value is 0 if either ratio is 0.
///
/// The prediction is the class with the greatest score. If scores are equal, it is the lowest
/// class.
///
/// Reference: C. J. van Rijsbergen, "Information retrieval", 1979.
package struct F1Score: ClassMetric {
  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// The way in which the ratios of all classes are combined.
  package var average = ClassAverage.macro
  /// The single class that the metric measures. Nil for the average of all classes.
  package var positiveClass: Int?
  /// Whether an example has several labels, each 0 or 1.
  package var hasSeveralLabels = false

  package init() {}

  package static let reference = Reference(
    "F1Score", aliases: ["F1"],
    formula: "2·matches / (predicted + actual), averaged over the classes",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. The harmonic mean of precision and recall.
      average: macro is the mean over the classes that occur as a label or a prediction. micro
      counts all positions together. weighted weighs each class by its positions. class selects a
      single class. A table has precision, recall and F1 of each class.
      """,
    example: "{name: f1, type: F1Score, phase: test}")

  package static let fields: [Field<F1Score>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .average(\.average),
    .positiveClass(\.positiveClass),
    .severalLabels(\.hasSeveralLabels),
  ]

  package var idleFields: [IdleField] { idleAverage + idleLabelFields }

  package func ratio(_ count: ClassCount) -> Double { count.f1 }
}
