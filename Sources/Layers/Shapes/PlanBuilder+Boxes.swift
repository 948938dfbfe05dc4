internal import Kernels
internal import Plans
internal import Tensors

/// The boxes of elements that move in a slice of so many examples.
typealias BoxRule = @Sendable (_ examples: Int) -> [Box]

extension PlanBuilder {
  /// Records y = x at the places of boxes.
  ///
  /// - Parameter filling: what stands where no box does; nil if the boxes name every place.
  mutating func move(
    _ name: String, _ x: Slot, to y: Slot, filling: Float? = nil, _ boxes: @escaping BoxRule
  ) {
    record(name, reads: [x], writes: [y]) { binding in
      let (x, y) = (binding.floats(x), binding.floats(y))
      let background: [any Kernel] = filling.map { [fill(y, with: $0)] } ?? []
      let copies = boxes(binding.examples.count).map { BoxCopy($0, from: x, to: y) }
      return KernelSequence(background + copies)
    }
  }

  /// Records the gradient of ``move(_:_:to:filling:_:)`` with these boxes: dx = the sum of dy over all places that an
  /// element of x went to.
  mutating func moveBack(_ name: String, _ dy: Slot, to dx: Slot, _ boxes: @escaping BoxRule) {
    record(name, reads: [dy], writes: [dx]) { binding in
      let (dy, dx) = (binding.floats(dy), binding.floats(dx))
      let sums = boxes(binding.examples.count).map {
        BoxCopy($0.reversed, from: dy, to: dx, adds: true)
      }
      return KernelSequence([fill(dx, with: 0)] + sums)
    }
  }

  /// Records zeros: the gradient of what has none but is asked for one.
  mutating func zero(_ gradient: Slot) {
    record("no gradient", reads: [], writes: [gradient]) { binding in
      fill(binding.floats(gradient), with: 0)
    }
  }
}

extension Box {
  /// The part `range` of an axis, between a tensor of that part and the whole; both row-major.
  ///
  /// - Parameters:
  ///   - shape: of the whole.
  ///   - isWholeSource: true where the part is taken out, false where it is put in.
  static func part(
    _ range: Range<Int>, ofAxis axis: Int, _ shape: Shape, examples: Int, isWholeSource: Bool
  ) -> Box {
    let outer = examples * shape.count(in: 1..<axis)
    let inner = shape.count(in: axis + 1..<shape.rank)
    let (whole, part) = (shape[axis] * inner, range.count * inner)
    let box = Box(
      [Axis(outer, source: whole, target: part), Axis(part, source: 1, target: 1)],
      source: range.lowerBound * inner)
    return isWholeSource ? box : box.reversed
  }
}
