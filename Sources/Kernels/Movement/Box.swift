/// Elements that move from one tensor to another: a box of places, each with its place in the source and in the target.
///
/// Element (i, j, …) of the box lies at `source` + i·a + j·b + … and at `target` + i·c + j·d + …, the factors being the
/// strides of the axes. A source stride of 0 repeats an element, a negative one mirrors; a target stride of 0 makes
/// a sum where the box is added.
package struct Box: Sendable, Hashable {
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
  /// Where the first element lies.
  package var source: Int
  package var target: Int

  package init(_ axes: [Axis], source: Int = 0, target: Int = 0) {
    self.axes = axes
    self.source = source
    self.target = target
  }

  /// The box with the directions exchanged: where the gradient of each element goes.
  package var reversed: Box {
    Box(
      axes.map { Axis($0.extent, source: $0.target, target: $0.source) }, source: target,
      target: source)
  }

  package var isEmpty: Bool { axes.contains { $0.extent == 0 } }

  /// The places from the first to the last that the box reads in the source; of one that is not empty.
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

  /// The same elements in the same order with as few axes as go: extents of 1 are left out, and axes that follow each
  /// other without a gap on both sides are one.
  var merged: Box {
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
    return Box(result, source: source, target: target)
  }
}

extension Box {
  /// How far apart neighbours along each axis lie in a row-major tensor.
  package static func strides(_ extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
  }
}

/// y = x at the places of a box, or y += x there.
///
/// Runs that are contiguous on both sides are copied as blocks. Elements are added in the order of the box, its last axis
/// first; sums along a last axis that lies together in x are made of eight, in a fixed order.
package func boxCopy(
  _ box: Box, from x: FloatView, to y: FloatView, adds: Bool = false
) -> some Kernel {
  guard !box.isEmpty else { return PreparedLoop {} }
  let (reads, writes) = (box.sourceReach, box.targetReach)
  precondition(reads.lowerBound >= 0 && reads.upperBound < x.count, "a box beyond its source")
  precondition(writes.lowerBound >= 0 && writes.upperBound < y.count, "a box beyond its target")
  let merged = box.merged
  let inner = merged.axes.last ?? Box.Axis(1, source: 1, target: 1)
  let outer = BoxRuns(
    axes: ContiguousArray(merged.axes.dropLast()), source: merged.source, target: merged.target)
  let count = inner.extent
  return switch (inner.source, inner.target) {
  case (1, 1) where adds:
    PreparedLoop { outer.forEachRun { y.add(count, of: x, from: $0, to: $1) } }
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

/// The places where the runs along a box's last axis begin.
private struct BoxRuns: Sendable {
  /// All axes but the last.
  let axes: ContiguousArray<Box.Axis>
  let source: Int
  let target: Int

  /// Calls `move` with the first place of each run in the source and in the target.
  @inline(__always)
  func forEachRun(_ move: (_ source: Int, _ target: Int) -> Void) {
    visit(axis: 0, source, target, move)
  }

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
  /// self += `count` elements of `other` from `start` on, at `target` on.
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

  /// Σ of `count` elements from `start` on: four sums of eight in turn, then those, then the rest.
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
    var total = ((sums.0 + sums.1) + (sums.2 + sums.3)).sum()
    while index < end {
      total += self[index]
      index &+= 1
    }
    return total
  }
}
