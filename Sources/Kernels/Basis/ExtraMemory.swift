/// The memory that a primitive needs in addition to its operands, in elements.
package struct ExtraMemory: Sendable {
  /// The packed copy of a parameter: the index of the operand, and the elements of the copy.
  package var packed: (operand: Int, count: Int)?
  /// The scratch memory of one run.
  package var scratch = 0

  package init(packed: (operand: Int, count: Int)? = nil, scratch: Int = 0) {
    self.packed = packed
    self.scratch = scratch
  }
}
