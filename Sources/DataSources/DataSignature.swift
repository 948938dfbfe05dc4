package import DataFiles
package import Tensors
internal import YAML

/// The properties of a source's examples that are known before reading them.
package struct DataSignature: Equatable, Sendable {
  /// The shape of one example.
  package let inputShape: Shape
  /// The shape of one example's target. Nil when the target is a class.
  package let targetShape: Shape?
  /// The shape of one example's classes. A scalar when an example has one class.
  package let labelShape: Shape
  /// The classes. Nil when there are none, or when only reading the examples shows them.
  package let classes: ClassNames?
  /// One name for each input column: the table's, or `x1`, `x2` … Empty when inputs have no names,
  /// as in images.
  package let inputNames: [String]
  /// The number of examples. Nil when only reading shows it.
  package let exampleCount: Int?

  /// The number of values or classes of one example.
  package var targetWidth: Int { targetShape?.count ?? labelShape.count }

  package init(
    inputShape: Shape, targetShape: Shape?, labelShape: Shape = .scalar, classes: ClassNames?,
    inputNames: [String], exampleCount: Int?
  ) {
    self.labelShape = labelShape
    self.inputShape = inputShape
    self.targetShape = targetShape
    self.classes = classes
    self.inputNames = inputNames
    self.exampleCount = exampleCount
  }
}
