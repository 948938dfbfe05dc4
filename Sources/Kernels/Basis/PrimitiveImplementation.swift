/// The chosen implementation of a primitive: its name, its memory needs and its kernels.
package protocol PrimitiveImplementation: Sendable {
  /// The name that `dlrun plan` prints.
  var name: String { get }
  /// The elements of scratch memory that one run needs.
  var scratchCount: Int { get }
  /// The packing of the parameter that the implementation reads in its own layout. Nil if it reads
  /// all operands as they are.
  var packing: (any WeightPacking)? { get }

  /// Binds the operands and returns the kernel.
  ///
  /// - Parameter operands: the operands in the order that the shape documents. A packed operand
  ///   holds the packed elements.
  /// - Throws: ``KernelError`` if memory is missing.
  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel
}

extension PrimitiveImplementation {
  package var name: String { "swift" }
  package var scratchCount: Int { 0 }
  package var packing: (any WeightPacking)? { nil }
}
