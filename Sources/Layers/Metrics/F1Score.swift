package import Fields

/// 2·matches / (predicted + actual), averaged over the classes
///
/// 2·precision·recall / (precision + recall) of each class, averaged
///
/// Scores are [N, C, …], labels [N, …]; the value is a scalar. The prediction is the class of the greatest score, the
/// lowest of equal ones. Counted as 2·matches / (predicted + actual), which is 0 where either ratio is.
///
/// Reference: C. J. van Rijsbergen, "Information retrieval", 1979.
package struct F1Score: ClassMetric {
  package var axis = 1
  package var ignoredLabel: Int?
  package var average = ClassAverage.macro
  package var positiveClass: Int?

  package init() {}

  package static let reference = Reference(
    "F1Score", aliases: ["F1"],
    formula: "2·matches / (predicted + actual), averaged over the classes",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. The harmonic mean of precision and recall. average macro is the
      mean over the classes that are there or predicted, micro counts all positions together, weighted weighs each
      class with its positions; class looks at one alone. A table has precision, recall and F1 of each class.
      """,
    example: "{name: f1, type: F1Score, phase: test}")

  package static let fields: [Field<F1Score>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .average(\.average),
    .positiveClass(\.positiveClass),
  ]

  package var idleFields: [IdleField] { idleAverage }

  package func ratio(_ count: ClassCount) -> Double { count.f1 }
}
