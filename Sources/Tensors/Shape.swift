/// The extents of a tensor, first axis first; row-major.
///
/// Of a blob the first axis counts the examples of the batch. The empty shape is a scalar's.
package struct Shape: Sendable, Hashable {
  package let axes: [Int]
  /// The product of the extents.
  package let count: Int

  /// Nil if an extent is negative or the product overflows.
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

  /// For extents that were checked before: shapes derived from valid ones of the same or a smaller count.
  package init(_ axes: [Int]) {
    guard let shape = Shape(checking: axes) else {
      preconditionFailure("a shape derived from valid shapes overflows: \(axes)")
    }
    self = shape
  }

  package static let scalar = Shape([])

  package var rank: Int { axes.count }

  package subscript(axis: Int) -> Int { axes[axis] }

  /// The extents without the first: one example of a batch.
  package var example: Shape { Shape(Array(axes.dropFirst())) }

  /// The product of the extents in `range`.
  package func count(in range: Range<Int>) -> Int { axes[range].reduce(1, *) }

  /// The axis that `index` names, counted from the end where negative; nil if there is none.
  package func axis(_ index: Int) -> Int? {
    let axis = index < 0 ? index + rank : index
    return axes.indices.contains(axis) ? axis : nil
  }

  /// How many axes a message shows. No layer takes more, but a file may have any number.
  private static let shownAxes = 32

  /// `20x100`; `scalar` where there is no axis; `1x1x… (100000 axes)`, with 32 of them, of more than 32.
  package var description: String {
    guard axes.count > Shape.shownAxes else {
      return axes.isEmpty ? "scalar" : axes.map(String.init).joined(separator: "x")
    }
    let shown = axes.prefix(Shape.shownAxes).map(String.init).joined(separator: "x")
    return "\(shown)x… (\(axes.count) axes)"
  }
}
