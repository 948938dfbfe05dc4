package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// count[a, p] = positions of class a whose greatest score is that of class p
///
/// Scores are [N, C, …] and labels are [N, …]. The table has a row for each class and a column for
/// each prediction. The value, a scalar, is the share of positions on the diagonal: the accuracy.
///
/// The prediction is the class with the greatest score. If scores are equal, it is the lowest
/// class.
package struct ConfusionMatrix: Metric, ClassScoring {
  /// The greatest number of classes in a table.
  private static let greatestClassCount = 1000

  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?

  package init() {}

  package static let reference = Reference(
    "ConfusionMatrix",
    formula: "count[a, p] = positions of class a whose greatest score is that of class p",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …], with at most 1000 classes. The value is the share
      on the diagonal, the accuracy. The table appears in the report, in run.json and in the output
      of dlrun test.
      """,
    example: "{name: confusion, type: ConfusionMatrix, phase: test}")

  package static let fields: [Field<ConfusionMatrix>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
  ]

  package var isBetterWhenGreater: Bool { true }

  package var acceptsProbabilities: Bool { true }

  /// - Throws: ``ShapeFailure`` if scores and labels do not fit, or if the classes are too many.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try checkTargets(inputs)
    guard let classes = classCount(inputs[0]), classes > ConfusionMatrix.greatestClassCount else {
      return
    }
    throw ShapeFailure(
      "expected at most \(ConfusionMatrix.greatestClassCount) classes in a matrix, received \(classes)"
    )
  }

  /// The matrix has C × C elements.
  package func statisticCount(_ inputs: [Shape]) -> Int {
    let classes = classCount(inputs[0]) ?? 0
    return classes * classes
  }

  package func value(of statistics: [Double]) -> Double {
    let classes = ConfusionMatrix.classes(statistics)
    let right = (0..<classes).reduce(0.0) { $0 + statistics[$1 * classes + $1] }
    return right / max(statistics.reduce(0, +), 1)
  }

  /// The matrix, with a row for each class and a column for each prediction.
  package func table(of statistics: [Double], classNames: [String]) -> ScoreTable? {
    let classes = ConfusionMatrix.classes(statistics)
    let names = (0..<classes).map { ScoreTable.name(of: $0, classNames) }
    let rows = names.indices.map {
      ScoreTable.Row(names[$0], Array(statistics[$0 * classes..<($0 + 1) * classes]))
    }
    return ScoreTable("class, predicted as", columns: names, rows: rows)
  }

  /// The number of rows of the matrix.
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
