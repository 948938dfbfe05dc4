internal import Kernels
internal import Tensors

/// Finds the memory of a slot.
struct Resolver {
  let builder: PlanBuilder
  let placement: Placement
  let memory: Storage<UInt8>

  /// - Parameter slice: the index of a slice. Nil for the whole tensor.
  func floats(_ slot: Slot, slice: Int?) -> FloatView {
    let description = builder.slots[slot.index]
    guard description.isExternal else { return view(slot, slice: slice) }
    guard let external = description.external else {
      preconditionFailure("tensor '\(description.name)' was only planned for")
    }
    return external
  }

  func doubles(_ slot: Slot, slice: Int?) -> DoubleView { view(slot, slice: slice) }

  private func view<Element>(_ slot: Slot, slice: Int?) -> View<Element> {
    let description = builder.slots[slot.index]
    guard let place = placement.places[slot.index] else {
      preconditionFailure("tensor '\(description.name)' is used by no operation")
    }
    var elements = 0..<description.shape.count
    if description.countsExamples {
      let width = description.shape.example.count
      let examples = slice.map(builder.examples(ofSlice:)) ?? 0..<builder.batchSize
      elements = examples.lowerBound * width..<examples.upperBound * width
    }
    var base = place.offset
    switch place.region {
    case .joint:
      base += elements.lowerBound * MemoryLayout<Element>.stride
    case .slice:
      precondition(
        slice != nil || builder.sliceCount == 1,
        "tensor '\(description.name)' is scattered over the slices")
      base += placement.jointBytes + (slice ?? 0) * placement.sliceBytes
    }
    return memory.view(at: base, count: elements.count)
  }

  /// The scratch memory of one part of an operation.
  func scratch(_ place: Placement.Place, _ part: Part) -> FloatView {
    let bytes = place.bytes / part.tiles
    let base =
      part.slice.map { placement.jointBytes + $0 * placement.sliceBytes } ?? part.tile * bytes
    return memory.view(at: place.offset + base, count: bytes / MemoryLayout<Float>.stride)
  }
}

extension Storage<UInt8> {
  /// A view of `count` elements from byte `offset`, which is a multiple of their alignment.
  func view<Value>(at offset: Int, count: Int) -> View<Value> {
    precondition(
      offset >= 0 && offset + count * MemoryLayout<Value>.stride <= self.count,
      "a tensor beyond the arena")
    let start = unsafe buffer.baseAddress.map { unsafe UnsafeMutableRawPointer($0) + offset }
    let elements = unsafe start?.bindMemory(to: Value.self, capacity: count)
    return unsafe View(UnsafeMutableBufferPointer(start: elements, count: count))
  }
}
