internal import Kernels
internal import Tensors

extension Plan {
  /// The elements of a whole kept tensor in row-major order. Its memory layout may differ.
  ///
  /// Nil for a tensor that no operation produces, and for sums in double precision.
  package func rowMajor(_ slot: Slot) -> [Float]? {
    let description = builder.slots[slot.index]
    guard description.element == .float,
      description.isExternal || placement.places[slot.index] != nil
    else { return nil }
    let (view, shape) = (floats(slot), description.shape)
    return (0..<shape.count).map { view[description.layout.place(of: $0, in: shape)] }
  }
}
