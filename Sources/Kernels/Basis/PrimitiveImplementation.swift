/// A primitive whose implementation is chosen: what it is called, what it needs, and how operands are bound to it.
package protocol PrimitiveImplementation: Sendable {
  /// As `dlrun plan` prints it.
  var name: String { get }
  /// Elements of scratch memory that a run needs.
  var scratchCount: Int { get }
  /// The operand that is a parameter which the implementation wants in a layout of its own; nil if there is none.
  var packing: (any WeightPacking)? { get }

  /// - Parameter operands: in the order that the shape documents; of a packed one the packed elements.
  /// - Throws: ``KernelError`` if oneDNN refuses the operands.
  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel
}

extension PrimitiveImplementation {
  package var name: String { "swift" }
  package var scratchCount: Int { 0 }
  package var packing: (any WeightPacking)? { nil }
}
