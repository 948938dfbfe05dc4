internal import Functions

/// A region of elements that a copy moves from a source tensor to a target tensor.
///
/// Element (i, j, …) has the place `source` + i·a + j·b + … in the source. Its place in the target
/// is `target` + i·c + j·d + …. The factors are the strides of the axes. A source stride of 0
/// repeats an element, and a negative one mirrors the axis. With a target stride of 0, an adding
/// copy computes a sum.
package struct CopyRegion: Sendable, Hashable {
  package struct Axis: Sendable, Hashable {
    package var extent: Int
    package var source: Int
    package var target: Int

    package init(_ extent: Int, source: Int, target: Int) {
      self.extent = extent
      self.source = source
      self.target = target
    }
  }

  package var axes: [Axis]
  /// The places of the first element in the source and in the target.
  package var source: Int
  package var target: Int

  package init(_ axes: [Axis], source: Int = 0, target: Int = 0) {
    self.axes = axes
    self.source = source
    self.target = target
  }

  /// The region with source and target exchanged, which moves the gradient.
  package var reversed: CopyRegion {
    CopyRegion(
      axes.map { Axis($0.extent, source: $0.target, target: $0.source) }, source: target,
      target: source)
  }

  package var isEmpty: Bool { axes.contains { $0.extent == 0 } }

  /// The range of places that a region with elements reads in the source.
  var sourceReach: ClosedRange<Int> { reach(source, \.source) }
  var targetReach: ClosedRange<Int> { reach(target, \.target) }

  private func reach(_ start: Int, _ stride: KeyPath<Axis, Int>) -> ClosedRange<Int> {
    var (low, high) = (start, start)
    for axis in axes {
      let way = axis[keyPath: stride] * (axis.extent - 1)
      if way < 0 { low += way } else { high += way }
    }
    return low...high
  }

  /// The same elements in the same order with the fewest axes.
  ///
  /// The result omits extents of 1. It merges adjacent axes that have no gap between them in the
  /// source and in the target.
  var merged: CopyRegion {
    var result: [Axis] = []
    for axis in axes where axis.extent != 1 {
      if let last = result.last, last.source == axis.source * axis.extent,
        last.target == axis.target * axis.extent
      {
        result[result.count - 1] = Axis(
          last.extent * axis.extent, source: axis.source, target: axis.target)
      } else {
        result.append(axis)
      }
    }
    return CopyRegion(result, source: source, target: target)
  }
}

extension CopyRegion {
  /// Returns the strides of a row-major tensor with the given extents.
  package static func strides(_ extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
  }
}

/// Copies or adds the elements of a region from x to y.
///
/// Runs that are contiguous on both sides move as blocks. Additions follow the order of the region,
/// with the last axis innermost. A sum along a contiguous last axis of x uses vectors of eight in a
/// fixed order.
///
/// - Parameter adds: true computes y += x, false computes y = x.
package func regionCopy(
  _ region: CopyRegion, from x: FloatView, to y: FloatView, adds: Bool = false
) -> some Kernel {
  guard !region.isEmpty else { return PreparedLoop {} }
  let (reads, writes) = (region.sourceReach, region.targetReach)
  precondition(reads.lowerBound >= 0 && reads.upperBound < x.count, "a region beyond its source")
  precondition(writes.lowerBound >= 0 && writes.upperBound < y.count, "a region beyond its target")
  let merged = region.merged
  let inner = merged.axes.last ?? CopyRegion.Axis(1, source: 1, target: 1)
  let outer = RegionRuns(merged.axes.dropLast(), source: merged.source, target: merged.target)
  let count = inner.extent
  return switch (inner.source, inner.target) {
  case (1, 1) where adds:
    PreparedLoop { outer.forEachRun { y.add(count, of: x, from: $0, to: $1) } }
  case (1, 1) where count <= 64 && count % 8 == 0:
    // Some channels of a position: a call of the C library would take longer than the copy.
    PreparedLoop {
      outer.forEachRun { source, target in
        var index = 0
        while index < count {
          y.store(x.load8(source &+ index), target &+ index)
          index &+= 8
        }
      }
    }
  case (1, 1):
    PreparedLoop { outer.forEachRun { y.copy(count, of: x, from: $0, to: $1) } }
  case (0, 1):
    PreparedLoop {
      outer.forEachRun { source, target in
        let value = x[source]
        if adds {
          for index in 0..<count { y[target &+ index] += value }
        } else {
          for index in 0..<count { y[target &+ index] = value }
        }
      }
    }
  case (1, 0) where adds:
    PreparedLoop { outer.forEachRun { y[$1] += x.sum(from: $0, count: count) } }
  default:
    PreparedLoop {
      outer.forEachRun { source, target in
        var (source, target) = (source, target)
        for _ in 0..<count {
          if adds { y[target] += x[source] } else { y[target] = x[source] }
          source &+= inner.source
          target &+= inner.target
        }
      }
    }
  }
}

/// The first places of the runs along a region's last axis.
private struct RegionRuns: Sendable {
  /// All axes but the last two, and the last but one.
  private let axes: ContiguousArray<CopyRegion.Axis>
  private let line: CopyRegion.Axis
  private let source: Int
  private let target: Int

  /// - Parameter axes: all axes but the last.
  init(_ axes: ArraySlice<CopyRegion.Axis>, source: Int, target: Int) {
    self.axes = ContiguousArray(axes.dropLast())
    line = axes.last ?? CopyRegion.Axis(1, source: 0, target: 0)
    (self.source, self.target) = (source, target)
  }

  /// Calls `move` with the first place of each run in the source and in the target.
  @inline(__always)
  func forEachRun(_ move: (_ source: Int, _ target: Int) -> Void) {
    visit(axis: 0, source, target) { source, target in
      var (source, target) = (source, target)
      for _ in 0..<line.extent {
        move(source, target)
        source &+= line.source
        target &+= line.target
      }
    }
  }

  /// Calls `move` with the first place of each line.

  private func visit(
    axis: Int, _ source: Int, _ target: Int, _ move: (_ source: Int, _ target: Int) -> Void
  ) {
    guard axis < axes.count else {
      move(source, target)
      return
    }
    let step = axes[axis]
    var (source, target) = (source, target)
    for _ in 0..<step.extent {
      visit(axis: axis &+ 1, source, target, move)
      source &+= step.source
      target &+= step.target
    }
  }
}

extension View where Element == Float {
  /// Adds `count` elements of `other` from `start` to the elements at `target`.
  @inline(__always)
  fileprivate func add(_ count: Int, of other: FloatView, from start: Int, to target: Int) {
    var index = 0
    while index &+ 8 <= count {
      store(load8(target &+ index) + other.load8(start &+ index), target &+ index)
      index &+= 8
    }
    while index < count {
      self[target &+ index] += other[start &+ index]
      index &+= 1
    }
  }

  /// Σ of `count` elements from `start`.
  ///
  /// Four vectors of eight sums alternate. The remaining elements follow one by one.
  @inline(__always)
  func sum(from start: Int, count: Int) -> Float {
    var sums = (
      SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0),
      SIMD8<Float>(repeating: 0)
    )
    var index = start
    let end = start &+ count
    while index &+ 32 <= end {
      sums.0 += load8(index)
      sums.1 += load8(index &+ 8)
      sums.2 += load8(index &+ 16)
      sums.3 += load8(index &+ 24)
      index &+= 32
    }
    while index &+ 8 <= end {
      sums.0 += load8(index)
      index &+= 8
    }
    var total = ((sums.0 + sums.1) + (sums.2 + sums.3)).pairwiseSum
    while index < end {
      total += self[index]
      index &+= 1
    }
    return total
  }
}
