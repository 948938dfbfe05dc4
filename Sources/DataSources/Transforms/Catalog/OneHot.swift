package import DataFiles
package import Fields
internal import Tensors

/// Replaces each class by numbers: 1 for the class and 0 for all others.
///
/// y[k, …] = 1 − s + s/C for the class k of the example, and s/C otherwise, with C classes and the
/// smoothing s. A label outside the classes gives zeros.
///
/// - `smoothing` (0): the share that is spread over all classes.
package struct OneHot: ExampleTransform {
  var smoothing = 0.0

  package init() {}

  package static let reference = Reference(
    "one_hot", formula: "y[k] = 1 if k is the class, otherwise 0",
    discussion: """
      The target then has one number for each class, for losses that compare numbers. The data must \
      state their classes, or show them without reading all labels.
      """,
    example: "{type: one_hot}")

  package static let fields: [Field<OneHot>] = [
    .optional(
      "smoothing", \.smoothing, .within(0...1), "The share that is spread over all classes.")
  ]

  package var scope: TransformScope { .classes }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    guard top.hasClasses else {
      throw TransformMistake("expected a target with classes, received values")
    }
    guard let classes = top.classes else {
      throw TransformMistake("expected known classes: state them with 'classes'")
    }
    guard let shape = Shape(checking: [classes.count] + top.shape.axes) else {
      throw TransformMistake("expected fewer classes, received \(classes.count)")
    }
    return DataTop(
      top.name, isTarget: top.isTarget, shape: shape,
      valueNames: top.shape == .scalar ? classes.names : [])
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard case .classes(let classCount, _) = kind else { return }
    let places = values.count
    let rest = Float(smoothing / Double(max(1, classCount)))
    let own = Float(1 - smoothing + smoothing / Double(max(1, classCount)))
    values.replace(channels: classCount, height: 1, width: places) { old, new in
      for place in 0..<places {
        let isKnown = old[place] >= 0 && old[place] < Float(classCount)
        for index in 0..<classCount {
          new[index * places + place] = isKnown ? (Float(index) == old[place] ? own : rest) : 0
        }
      }
    }
  }
}
