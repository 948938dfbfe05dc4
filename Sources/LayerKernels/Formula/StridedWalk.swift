/// The places of an example's elements in an operand with fewer axes.
///
/// They form runs. Along a run the operand's element is constant, or advances by one.
struct StridedWalk: Sendable {
  /// A part of a run.
  struct Run {
    /// The distance from the first element of the walk.
    let start: Int
    let count: Int
    /// The place in the operand, relative to its example.
    let place: Int
  }

  /// The axes around the runs, outermost first. Adjacent axes with a common stride are merged.
  private let extents: ContiguousArray<Int>
  private let strides: ContiguousArray<Int>
  /// The elements of a whole run.
  private let length: Int
  /// True if a run repeats or sums one element of the operand.
  let isRepeated: Bool

  /// Makes the walk.
  ///
  /// - Parameters:
  ///   - axes: the extents of an example. An empty list counts as a single element.
  ///   - strides: the operand's stride for each axis. The last is 0 or 1.
  init(axes: [Int], strides: [Int]) {
    precondition(axes.count == strides.count, "each axis needs a stride")
    var joined: [(extent: Int, stride: Int)] = []
    for (extent, stride) in zip(axes, strides) {
      if let last = joined.last, last.stride == stride * extent {
        joined[joined.count - 1] = (last.extent * extent, stride)
      } else {
        joined.append((extent, stride))
      }
    }
    let inner = joined.popLast() ?? (1, 0)
    precondition(inner.stride == 0 || inner.stride == 1, "the last stride of an operand is 0 or 1")
    length = inner.extent
    isRepeated = inner.stride == 0
    extents = ContiguousArray(joined.map(\.extent))
    self.strides = ContiguousArray(joined.map(\.stride))
  }

  /// Calls `visit` with the runs of `count` elements from `start`, in order.
  @inline(__always)
  func forEachRun(from start: Int, count: Int, _ visit: (Run) -> Void) {
    var (row, inRow) = start.quotientAndRemainder(dividingBy: length)
    var done = 0
    while done < count {
      let piece = min(length &- inRow, count &- done)
      visit(
        Run(start: done, count: piece, place: place(ofRow: row) &+ (isRepeated ? 0 : inRow)))
      done &+= piece
      row &+= 1
      inRow = 0
    }
  }

  private func place(ofRow row: Int) -> Int {
    if extents.count == 1 { return row &* strides[0] }
    var (rest, place) = (row, 0)
    var axis = extents.count
    while axis > 0 {
      axis &-= 1
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: extents[axis])
      place &+= remainder &* strides[axis]
      rest = quotient
    }
    return place
  }
}
