package import Kernels

/// The operands of one kernel. The kernel computes an operation for one slice, or for one tile of a
/// joint step.
package struct Binding {
  let part: Part
  /// The tensors that the operation exchanges with the slices.
  let exchanges: [Operation.Exchange]
  let resolver: Resolver

  /// The examples of the batch that the operation sees.
  package var examples: Range<Int> { part.examples }
  package var tile: Int { part.tile }
  package var tiles: Int { part.tiles }

  /// The memory of a tensor: the rows of the slice, or the whole tensor in a joint step.
  package func floats(_ slot: Slot) -> FloatView { resolver.floats(slot, slice: part.slice) }
  package func doubles(_ slot: Slot) -> DoubleView { resolver.doubles(slot, slice: part.slice) }

  /// The tensors of all slices, in order. The joint step must declare this exchange.
  package func allFloats(_ slot: Slot) -> [FloatView] {
    slices(of: slot).map { resolver.floats(slot, slice: $0) }
  }

  package func allDoubles(_ slot: Slot) -> [DoubleView] {
    slices(of: slot).map { resolver.doubles(slot, slice: $0) }
  }

  private func slices(of slot: Slot) -> Range<Int> {
    precondition(
      exchanges.contains(.parts(slot)), "a joint step reads parts that it does not exchange")
    return 0..<resolver.builder.sliceCount
  }
}
