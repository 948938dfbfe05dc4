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
package struct BoxCopy: Kernel {
  /// What the innermost axis asks for.
  private enum Run {
    case block
    case repeated
    case sum
    case strided
  }

  private let x: FloatView
  private let y: FloatView
  private let outer: ContiguousArray<Box.Axis>
  private let inner: Box.Axis
  private let source: Int
  private let target: Int
  private let adds: Bool
  private let kind: Run
  private let isEmpty: Bool

  package init(_ box: Box, from x: FloatView, to y: FloatView, adds: Bool = false) {
    isEmpty = box.isEmpty
    if !isEmpty {
      let (reads, writes) = (box.sourceReach, box.targetReach)
      precondition(reads.lowerBound >= 0 && reads.upperBound < x.count, "a box beyond its source")
      precondition(
        writes.lowerBound >= 0 && writes.upperBound < y.count, "a box beyond its target")
    }
    let merged = box.merged
    self.x = x
    self.y = y
    self.adds = adds
    (source, target) = (merged.source, merged.target)
    let last = merged.axes.last ?? Box.Axis(1, source: 1, target: 1)
    inner = last
    outer = ContiguousArray(merged.axes.dropLast())
    kind =
      switch (last.source, last.target) {
      case (1, 1): .block
      case (0, 1): .repeated
      case (1, 0) where adds: .sum
      default: .strided
      }
  }

  package func run() {
    guard !isEmpty else { return }
    move(axis: 0, source, target)
  }

  private func move(axis: Int, _ source: Int, _ target: Int) {
    guard axis < outer.count else {
      moveRun(source, target)
      return
    }
    let step = outer[axis]
    var (source, target) = (source, target)
    for _ in 0..<step.extent {
      move(axis: axis &+ 1, source, target)
      source &+= step.source
      target &+= step.target
    }
  }

  @inline(__always)
  private func moveRun(_ source: Int, _ target: Int) {
    let count = inner.extent
    switch kind {
    case .block where adds: addBlock(source, target)
    case .block: y.copy(count, of: x, from: source, to: target)
    case .repeated where adds: addRepeated(x[source], target)
    case .repeated:
      let value = x[source]
      for index in 0..<count { y[target &+ index] = value }
    case .sum: y[target] += x.sum(from: source, count: count)
    case .strided: moveStrided(source, target)
    }
  }

  private func addBlock(_ source: Int, _ target: Int) {
    var index = 0
    while index &+ 8 <= inner.extent {
      y.store(y.load8(target &+ index) + x.load8(source &+ index), target &+ index)
      index &+= 8
    }
    while index < inner.extent {
      y[target &+ index] += x[source &+ index]
      index &+= 1
    }
  }

  private func addRepeated(_ value: Float, _ target: Int) {
    for index in 0..<inner.extent { y[target &+ index] += value }
  }

  private func moveStrided(_ source: Int, _ target: Int) {
    var (source, target) = (source, target)
    let (sourceStep, targetStep) = (inner.source, inner.target)
    if adds {
      for _ in 0..<inner.extent {
        y[target] += x[source]
        source &+= sourceStep
        target &+= targetStep
      }
    } else {
      for _ in 0..<inner.extent {
        y[target] = x[source]
        source &+= sourceStep
        target &+= targetStep
      }
    }
  }
}

extension View where Element == Float {
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
