/// Work of a primitive on a number of examples, as a value: equal values share one implementation.
package protocol PrimitiveShape: Hashable, Sendable {
  /// Chooses the implementation by the shape alone, never by a clock.
  ///
  /// - Throws: ``KernelError`` if oneDNN refuses the shape.
  func implementation() throws(KernelError) -> any PrimitiveImplementation

  /// About what an implementation takes beside its operands, known before there is one.
  var extraMemory: ExtraMemory { get }
}

extension PrimitiveShape {
  package var extraMemory: ExtraMemory { ExtraMemory() }
}

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

/// How a parameter is brought into the layout that a primitive chose.
package protocol WeightPacking: Sendable {
  /// The place of the parameter among the operands.
  var operand: Int { get }
  /// Elements of the packed parameter.
  var count: Int { get }
  /// Whether two primitives take the same packed elements.
  func isAlike(_ other: any WeightPacking) -> Bool
  /// The kernel that packs.
  func kernel(from plain: FloatView, to packed: FloatView) throws(KernelError) -> any Kernel
}

/// Kernels that run one after the other as one.
package struct KernelSequence: Kernel {
  private let kernels: ContiguousArray<any Kernel>

  package init(_ kernels: [any Kernel]) { self.kernels = ContiguousArray(kernels) }

  package func run() {
    for kernel in kernels { kernel.run() }
  }
}
