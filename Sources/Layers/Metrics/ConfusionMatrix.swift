package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// count[a, p] = positions of class a whose greatest score is that of class p
///
/// How often each class is taken for each other: a table with a row for each class, a column for each prediction
///
/// Scores are [N, C, …], labels [N, …]; the value, a scalar, is the share on the diagonal: the accuracy. The prediction
/// is the class of the greatest score, the lowest of equal ones.
package struct ConfusionMatrix: Metric, ClassScoring {
  /// The most classes that a table is made for.
  private static let greatestClassCount = 1000

  package var axis = 1
  package var ignoredLabel: Int?

  package init() {}

  package static let reference = Reference(
    "ConfusionMatrix",
    formula: "count[a, p] = positions of class a whose greatest score is that of class p",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …], of at most 1000 classes. The number is the share on the diagonal,
      the accuracy; the table stands in the report, in run.json and in what dlrun test prints.
      """,
    example: "{name: confusion, type: ConfusionMatrix, phase: test}")

  package static let fields: [Field<ConfusionMatrix>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
  ]

  package var isBetterWhenGreater: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
    guard let classes = classCount(inputs[0]), classes > ConfusionMatrix.greatestClassCount else {
      return
    }
    throw ShapeFailure(
      "expected at most \(ConfusionMatrix.greatestClassCount) classes in a matrix, received \(classes)"
    )
  }

  package func statisticCount(_ inputs: [Shape]) -> Int {
    let classes = classCount(inputs[0]) ?? 0
    return classes * classes
  }

  package func value(of statistics: [Double]) -> Double {
    let classes = ConfusionMatrix.classes(statistics)
    let right = (0..<classes).reduce(0.0) { $0 + statistics[$1 * classes + $1] }
    return right / max(statistics.reduce(0, +), 1)
  }

  package func table(of statistics: [Double], classNames: [String]) -> ScoreTable? {
    let classes = ConfusionMatrix.classes(statistics)
    let names = (0..<classes).map { ScoreTable.name(of: $0, classNames) }
    let rows = names.indices.map {
      ScoreTable.Row(names[$0], Array(statistics[$0 * classes..<($0 + 1) * classes]))
    }
    return ScoreTable("class, predicted as", columns: names, rows: rows)
  }

  /// The side of the matrix.
  private static func classes(_ statistics: [Double]) -> Int {
    Int(Double(statistics.count).squareRoot())
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, labels) = (pass.inputs[0], classLabels(pass))
    recordStatistics("confusion", pass, &plan) { binding, statistics in
      confusionCounts(binding.floats(x), labels(binding), statistics: statistics)
    }
  }
}
