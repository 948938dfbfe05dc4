internal import Kernels
internal import Tensors

extension Plan {
  /// The whole of a tensor that is kept, as its shape says, whatever its layout; nil for one that
  /// no operation makes, and for sums in double precision.
  package func rowMajor(_ slot: Slot) -> [Float]? {
    let description = builder.slots[slot.index]
    guard description.element == .float,
      description.isExternal || placement.places[slot.index] != nil
    else { return nil }
    let (view, shape) = (floats(slot), description.shape)
    return (0..<shape.count).map { view[description.layout.place(of: $0, in: shape)] }
  }
}
