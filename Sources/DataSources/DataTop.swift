package import DataFiles
package import Tensors
internal import YAML

/// A named tensor that the data provide for every example.
///
/// The network reads it as a blob of the same name, with the batch as its first axis.
package struct DataTop: Equatable, Sendable {
  /// The meaning of the numbers.
  package enum Content: Equatable, Sendable {
    case values
    /// Class indices. The classes are nil when only reading the examples shows them.
    case classes(ClassNames?)
  }

  package let name: String
  /// Whether a prediction lacks this tensor.
  package let isTarget: Bool
  /// The shape of one example. For classes, a scalar is one class, [H, W] a class for each pixel,
  /// and [T] a class for each time step.
  package let shape: Shape
  package let content: Content
  /// One name for each value, such as the columns of a table. Empty when the values have no names,
  /// as in images.
  package let valueNames: [String]
  /// For each value the number of categories that it is an index of, and nil for other values. Empty
  /// when no value is such an index.
  package private(set) var categoryCounts: [Int?]
  /// Whether a target's values are standardized. Metrics and predictions have its original unit.
  package private(set) var isStandardized = false

  /// The usual name of a single input.
  package static let data = "data"
  /// The usual name of a single target.
  package static let label = "label"

  package init(
    _ name: String, isTarget: Bool = false, shape: Shape, content: Content = .values,
    valueNames: [String] = [], categoryCounts: [Int?] = []
  ) {
    self.name = name
    self.isTarget = isTarget
    self.shape = shape
    self.content = content
    self.valueNames = valueNames
    self.categoryCounts = categoryCounts.contains { $0 != nil } ? categoryCounts : []
  }

  /// Makes a target with classes.
  package init(classes: ClassNames?, shape: Shape = .scalar, name: String = DataTop.label) {
    self.init(name, isTarget: true, shape: shape, content: .classes(classes))
  }

  /// The number of values or classes of one example.
  package var width: Int { shape.count }

  package var hasClasses: Bool { content != .values }

  /// The classes. Nil for values, and for classes that only reading the examples shows.
  package var classes: ClassNames? {
    if case .classes(let classes) = content { classes } else { nil }
  }

  /// Returns the name of a value. Unnamed values are `x1`, `x2` …
  package func valueName(_ index: Int) -> String {
    valueNames.isEmpty ? "x\(index + 1)" : valueNames[index]
  }

  /// Returns the same tensor in another shape of equal count.
  func reshaped(to shape: Shape) -> DataTop {
    var top = DataTop(
      name, isTarget: isTarget, shape: shape, content: content, valueNames: valueNames,
      categoryCounts: categoryCounts)
    top.isStandardized = isStandardized
    return top
  }

  /// The same tensor after a change of its values, which are no longer indices of categories.
  var withoutCategories: DataTop {
    var top = self
    top.categoryCounts = []
    return top
  }

  /// Whether a value is the index of a category.
  func isCategory(_ index: Int) -> Bool {
    categoryCounts.indices.contains(index) && categoryCounts[index] != nil
  }

  /// The same target with standardized values.
  var standardized: DataTop {
    var top = self
    top.isStandardized = true
    return top
  }

  /// The tensor as `dlrun show` prints it: "data 1x28x28", "label: 10 classes", "mask 8x8: classes".
  package var text: String {
    let shape = hasClasses && shape == .scalar ? "" : " \(shape.description)"
    let classes = classes.map { ": \($0.count) classes" } ?? (hasClasses ? ": classes" : "")
    return name.escapingControls + shape + classes
  }

  /// The form of a target as messages print it.
  var summary: String {
    guard hasClasses else { return "values of shape \(shape.description)" }
    return shape == .scalar ? "classes" : "classes of shape \(shape.description)"
  }
}
