package import Kernels

/// The operands of one kernel: of an operation in one slice, or in one tile of a joint step.
package struct Binding {
  let part: Part
  /// What the operation said it exchanges with the slices.
  let exchanges: [Operation.Exchange]
  let resolver: Resolver

  /// Which of the batch's examples the operation sees.
  package var examples: Range<Int> { part.examples }
  package var tile: Int { part.tile }
  package var tiles: Int { part.tiles }

  /// The slice's rows, or in a joint step the whole tensor.
  package func floats(_ slot: Slot) -> FloatView { resolver.floats(slot, slice: part.slice) }
  package func doubles(_ slot: Slot) -> DoubleView { resolver.doubles(slot, slice: part.slice) }

  /// Every slice's own tensor, in the order of the slices: of one that the joint step exchanges so.
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
