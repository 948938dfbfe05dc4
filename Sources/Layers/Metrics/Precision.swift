package import Fields

/// matches / predicted, averaged over the classes
///
/// matches / predicted of each class, averaged: how much of what is called a class is one
///
/// Scores are [N, C, …], labels [N, …]; the value is a scalar. The prediction is the class of the greatest score, the
/// lowest of equal ones. A class that is never predicted has precision 0; one that is not there either does not count
/// in the mean.
package struct Precision: ClassMetric {
  package var axis = 1
  package var ignoredLabel: Int?
  package var average = ClassAverage.macro
  package var positiveClass: Int?

  package init() {}

  package static let reference = Reference(
    "Precision",
    formula: "matches / predicted, averaged over the classes",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. How much of what is called a class is one. average macro is the mean
      over the classes that are there or predicted, micro counts all positions together, weighted weighs each class
      with its positions; class looks at one alone. A table has precision, recall and F1 of each class.
      """,
    example: "{name: precision, type: Precision, phase: test, average: weighted}")

  package static let fields: [Field<Precision>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .average(\.average),
    .positiveClass(\.positiveClass),
  ]

  package var idleFields: [IdleField] { idleAverage }

  package func ratio(_ count: ClassCount) -> Double { count.precision }
}
