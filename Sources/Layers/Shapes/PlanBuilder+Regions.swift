internal import Kernels
internal import Plans
internal import Tensors

/// The regions of elements to move in a slice of so many examples.
typealias RegionRule = @Sendable (_ examples: Int) -> [CopyRegion]

extension PlanBuilder {
  /// Records y = x at the places of regions.
  ///
  /// - Parameters:
  ///   - name: the name of the operation in the plan.
  ///   - x: the source.
  ///   - y: the target.
  ///   - filling: the value of the places outside all regions. Nil if the regions cover every place.
  ///   - regions: the regions of a slice.
  mutating func move(
    _ name: String, _ x: Slot, to y: Slot, filling: Float? = nil, _ regions: @escaping RegionRule
  ) {
    record(name, reads: [x], writes: [y]) { binding in
      let (x, y) = (binding.floats(x), binding.floats(y))
      let background: [any Kernel] = filling.map { [fill(y, with: $0)] } ?? []
      let copies = regions(binding.examples.count).map { regionCopy($0, from: x, to: y) }
      return KernelSequence(background + copies)
    }
  }

  /// Records the gradient of ``move(_:_:to:filling:_:)`` with the same regions.
  ///
  /// dx is the sum of dy over all places that received an element of x.
  mutating func moveBack(_ name: String, _ dy: Slot, to dx: Slot, _ regions: @escaping RegionRule) {
    record(name, reads: [dy], writes: [dx]) { binding in
      let (dy, dx) = (binding.floats(dy), binding.floats(dx))
      let sums = regions(binding.examples.count).map {
        regionCopy($0.reversed, from: dy, to: dx, adds: true)
      }
      return KernelSequence([fill(dx, with: 0)] + sums)
    }
  }

  /// Records zeros, for a tensor that has no gradient but for which the pass requests one.
  mutating func zero(_ gradient: Slot) {
    record("no gradient", reads: [], writes: [gradient]) { binding in
      fill(binding.floats(gradient), with: 0)
    }
  }
}

extension CopyRegion {
  /// Returns the region between the part `range` of an axis and the whole tensor.
  ///
  /// - Parameters:
  ///   - range: the part of the axis.
  ///   - axis: the axis, at least 1.
  ///   - shape: the shape of the whole tensor.
  ///   - layout: the layout of both tensors.
  ///   - examples: the number of examples in the slice.
  ///   - isWholeSource: true to take the part out, false to put it in.
  static func part(
    _ range: Range<Int>, ofAxis axis: Int, _ shape: Shape, _ layout: TensorLayout, examples: Int,
    isWholeSource: Bool
  ) -> CopyRegion {
    let (shape, axis) = layout.stored(shape, axis: axis)
    let outer = examples * shape.count(in: 1..<axis)
    let inner = shape.count(in: axis + 1..<shape.rank)
    let (whole, part) = (shape[axis] * inner, range.count * inner)
    let region = CopyRegion(
      [Axis(outer, source: whole, target: part), Axis(part, source: 1, target: 1)],
      source: range.lowerBound * inner)
    return isWholeSource ? region : region.reversed
  }
}

extension TensorLayout {
  /// Returns a shape with its axes in the order of memory, and the place of an axis, at least 1, in it.
  fileprivate func stored(_ shape: Shape, axis: Int) -> (shape: Shape, axis: Int) {
    switch self {
    case .plain:
      return (shape, axis)
    case .channelsLast:
      let axes = [shape[0]] + shape.axes.dropFirst(2) + [shape[1]]
      return (Shape(axes), axis == 1 ? shape.rank - 1 : axis - 1)
    }
  }
}
