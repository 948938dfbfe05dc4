package import Kernels

/// The classes that labels name, one for each position of scores [outer, classes, inner].
package struct ClassLabels: Sendable {
  /// What a label says.
  enum Meaning {
    case index(Int)
    /// The position does not count.
    case ignored
    /// The label is no class, or a fraction: a loss or metric of it is NaN. Data are checked for that before they get
    /// here, blobs are not.
    case wrong
  }

  let extent: AxisExtent
  /// Examples that the positions belong to.
  let examples: Int
  private let labels: FloatView
  private let ignoredLabel: Float

  /// - Parameter ignoring: the label of positions that do not count.
  package init(
    _ labels: FloatView, _ extent: AxisExtent, examples: Int, ignoring ignoredLabel: Int? = nil
  ) {
    self.extent = extent
    self.examples = examples
    self.labels = labels.checked(extent.outer * extent.inner)
    // NaN equals no label.
    self.ignoredLabel = ignoredLabel.map { Float($0) } ?? .nan
  }

  var positions: Int { extent.outer * extent.inner }
  /// Elements from one class of a position to the next.
  var stride: Int { extent.inner }
  var ignoresNone: Bool { ignoredLabel.isNaN }

  /// The meaning of the label of a position.
  @inline(__always)
  func meaning(_ position: Int) -> Meaning {
    let label = labels[position]
    if label == ignoredLabel { return .ignored }
    guard let index = classIndex(label, of: extent.axis) else { return .wrong }
    return .index(index)
  }

  /// Calls `body` with the place of each position's first score, and the position's number.
  @inline(__always)
  func forEachPosition(_ body: (_ first: Int, _ position: Int) -> Void) {
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        body(
          outer &* extent.axis &* extent.inner &+ inner, outer &* extent.inner &+ inner)
      }
    }
  }
}

/// The class that a label names, if it is one of `count`; a fraction names none.
@inline(__always)
func classIndex(_ label: Float, of count: Int) -> Int? {
  guard label >= 0, label < Float(count) else { return nil }
  let index = Int(label)
  return Float(index) == label ? index : nil
}
