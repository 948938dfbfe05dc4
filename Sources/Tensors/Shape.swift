/// The extents of a tensor in row-major order.
///
/// The first axis of a blob counts the examples of the batch. The empty shape belongs to a scalar.
package struct Shape: Sendable, Hashable {
  package let axes: [Int]
  /// The product of the extents.
  package let count: Int

  /// Makes a shape. Nil when an extent is negative or the product overflows.
  package init?(checking axes: [Int]) {
    var count = 1
    for axis in axes {
      let (product, overflows) = count.multipliedReportingOverflow(by: axis)
      guard axis >= 0, !overflows else { return nil }
      count = product
    }
    self.axes = axes
    self.count = count
  }

  /// Makes a shape from extents that the caller has checked.
  ///
  /// Use it for shapes that derive from valid shapes and have at most their count.
  package init(_ axes: [Int]) {
    guard let shape = Shape(checking: axes) else {
      preconditionFailure("a shape derived from valid shapes overflows: \(axes)")
    }
    self = shape
  }

  package static let scalar = Shape([])

  package var rank: Int { axes.count }

  package subscript(axis: Int) -> Int { axes[axis] }

  /// The extents without the first axis: the shape of one example of a batch.
  package var example: Shape { Shape(Array(axes.dropFirst())) }

  /// The product of the extents in `range`.
  package func count(in range: Range<Int>) -> Int { axes[range].reduce(1, *) }

  /// Returns the axis that `index` names, or nil when the axis does not exist. A negative index
  /// counts from the end.
  package func axis(_ index: Int) -> Int? {
    let axis = index < 0 ? index + rank : index
    return axes.indices.contains(axis) ? axis : nil
  }

  /// The number of axes that a message shows. No layer takes more axes, but a file may have any
  /// number.
  private static let shownAxes = 32

  /// The shape as messages print it: `20x100`, `scalar`, or `1x1x… (100000 axes)` for more than 32
  /// axes.
  package var description: String {
    guard axes.count > Shape.shownAxes else {
      return axes.isEmpty ? "scalar" : axes.map(String.init).joined(separator: "x")
    }
    let shown = axes.prefix(Shape.shownAxes).map(String.init).joined(separator: "x")
    return "\(shown)x… (\(axes.count) axes)"
  }
}
