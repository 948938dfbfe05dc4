package import Fields

/// matches / actual, averaged over the classes
///
/// matches / actual of each class, averaged: how much of a class is found
///
/// Scores are [N, C, …], labels [N, …]; the value is a scalar. The prediction is the class of the greatest score, the
/// lowest of equal ones. A class that is predicted but not there has recall 0.
package struct Recall: ClassMetric {
  package var axis = 1
  package var ignoredLabel: Int?
  package var average = ClassAverage.macro
  package var positiveClass: Int?

  package init() {}

  package static let reference = Reference(
    "Recall",
    formula: "matches / actual, averaged over the classes",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. How much of a class is found. average macro is the mean over the
      classes that are there or predicted, micro counts all positions together, weighted weighs each class with its
      positions; class looks at one alone. A table has precision, recall and F1 of each class.
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
