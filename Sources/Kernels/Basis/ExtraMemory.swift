/// What a primitive takes beside its operands, in elements.
package struct ExtraMemory: Sendable {
  /// The operand that is a parameter which is kept in another layout too, and its elements.
  package var packed: (operand: Int, count: Int)?
  /// Scratch memory of a run.
  package var scratch = 0

  package init(packed: (operand: Int, count: Int)? = nil, scratch: Int = 0) {
    self.packed = packed
    self.scratch = scratch
  }
}
