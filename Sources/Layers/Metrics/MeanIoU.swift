package import Fields

/// matches / (predicted + actual − matches), averaged over the classes
///
/// Scores are [N, C, …], labels are [N, …], and the value is a scalar. The ratio of a class is the
/// intersection of its predicted and its labelled positions, divided by their union. It is the
/// usual measure of segmentation.
///
/// The prediction is the class with the greatest score. If scores are equal, it is the lowest
/// class.
///
/// Reference: M. Everingham, L. Van Gool, C. K. I. Williams, J. Winn, A. Zisserman, "The PASCAL
/// visual object classes (VOC) challenge", 2010.
package struct MeanIoU: ClassMetric {
  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// The way in which the ratios of all classes are combined.
  package var average = ClassAverage.macro
  /// The single class that the metric measures. Nil for the average of all classes.
  package var positiveClass: Int?

  package init() {}

  package static let reference = Reference(
    "MeanIoU", aliases: ["IoU"],
    formula: "matches / (predicted + actual − matches), averaged over the classes",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. Intersection over union of the predicted and the
      labelled positions of a class. average: macro is the mean over the classes that occur as a
      label or a prediction. micro counts all positions together. weighted weighs each class by its
      positions. class selects a single class. A table has the ratio of each class.
      """,
    example: "{name: iou, type: MeanIoU, phase: test}")

  package static let fields: [Field<MeanIoU>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .average(\.average),
    .positiveClass(\.positiveClass),
  ]

  package var idleFields: [IdleField] { idleAverage }

  package func ratio(_ count: ClassCount) -> Double { count.intersectionOverUnion }

  /// The ratio and the number of positions of each class.
  package func table(of statistics: [Double], classNames: [String]) -> ScoreTable? {
    let rows = counts(statistics).enumerated().map { index, count in
      ScoreTable.Row(
        ScoreTable.name(of: index, classNames), [count.intersectionOverUnion, count.actual])
    }
    return ScoreTable("class", columns: ["iou", "count"], rows: rows)
  }
}
