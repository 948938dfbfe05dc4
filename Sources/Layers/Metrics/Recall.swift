package import Fields

/// matches / actual, averaged over the classes
///
/// Scores are [N, C, …], labels are [N, …], and the value is a scalar. It is the share of the
/// positions of a class that are predicted as the class.
///
/// The prediction is the class with the greatest score; of equal scores the lowest class counts. A
/// class that is predicted but has no label has recall 0.
package struct Recall: ClassMetric {
  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of positions that do not count. Nil if all positions count.
  package var ignoredLabel: Int?
  /// The way in which the ratios of all classes are combined.
  package var average = ClassAverage.macro
  /// The only class that counts. Nil if all classes are averaged.
  package var positiveClass: Int?

  package init() {}

  package static let reference = Reference(
    "Recall",
    formula: "matches / actual, averaged over the classes",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. The share of the positions of a class that are
      predicted as the class. average macro is the mean over the classes that occur as a label or a
      prediction, micro counts all positions together, and weighted weighs each class by its
      positions; class selects a single class. A table has precision, recall and F1 of each class.
      """,
    example: "{name: recall, type: Recall, phase: test, class: 1}")

  package static let fields: [Field<Recall>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .average(\.average),
    .positiveClass(\.positiveClass),
  ]

  package var idleFields: [IdleField] { idleAverage }

  package func ratio(_ count: ClassCount) -> Double { count.recall }
}
