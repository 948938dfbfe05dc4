package import Fields

/// matches / predicted, averaged over the classes
///
/// Scores are [N, C, …], and labels are [N, …]. The value, a scalar, is the share of correct
/// positions among those predicted as a class.
///
/// The prediction is the class with the greatest score. If scores are equal, it is the lowest
/// class. A class that is never predicted has precision 0. The macro mean leaves out classes that
/// occur neither as a prediction nor as a label.
package struct Precision: ClassMetric {
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
    "Precision",
    formula: "matches / predicted, averaged over the classes",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. The value is the share of correct positions among
      those predicted as a class. average: macro is the mean over the classes that occur as a label
      or a prediction. micro counts all positions together. weighted weighs each class by its
      positions. class selects a single class. A table has precision, recall and F1 of each class.
      """,
    example: "{name: precision, type: Precision, phase: test, average: weighted}")

  package static let fields: [Field<Precision>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .average(\.average),
    .positiveClass(\.positiveClass),
    .severalLabels(\.hasSeveralLabels),
  ]

  package var idleFields: [IdleField] { idleAverage + idleLabelFields }

  package func ratio(_ count: ClassCount) -> Double { count.precision }
}
