/// Where the elements of an example lie in an operand of fewer axes: runs along which the operand's element stays the
/// same, or goes on by one.
struct StridedWalk: Sendable {
  /// A piece of a run.
  struct Run {
    /// From the first element of the walk.
    let start: Int
    let count: Int
    /// In the operand, from its example's first.
    let place: Int
  }

  /// The axes around the runs, the outermost first, neighbours of one pace joined.
  private let extents: ContiguousArray<Int>
  private let strides: ContiguousArray<Int>
  /// The elements of a whole run.
  private let length: Int
  /// True where a run is one element of the operand, repeated or summed.
  let isRepeated: Bool

  /// - Parameters:
  ///   - axes: of an example; none is 1.
  ///   - strides: of the operand, one an axis; of the last axis 0 or 1.
  init(axes: [Int], strides: [Int]) {
    precondition(axes.count == strides.count, "a stride for each axis")
    var joined: [(extent: Int, stride: Int)] = []
    for (extent, stride) in zip(axes, strides) {
      if let last = joined.last, last.stride == stride * extent {
        joined[joined.count - 1] = (last.extent * extent, stride)
      } else {
        joined.append((extent, stride))
      }
    }
    let inner = joined.popLast() ?? (1, 0)
    precondition(inner.stride == 0 || inner.stride == 1, "runs of an operand are contiguous")
    length = inner.extent
    isRepeated = inner.stride == 0
    extents = ContiguousArray(joined.map(\.extent))
    self.strides = ContiguousArray(joined.map(\.stride))
  }

  /// Calls `visit` with the runs of the elements from `start` on, in their order.
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
