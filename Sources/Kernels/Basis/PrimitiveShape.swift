/// Work whose implementation is chosen before its operands are bound, as a value: equal values share one
/// implementation.
///
/// A matrix product, a convolution, a sum and a nonlinearity are primitives. The last operand is the result.
package protocol PrimitiveShape: Hashable, Sendable {
  /// Chooses the implementation by the shape alone, never by a clock.
  ///
  /// - Throws: ``KernelError`` if oneDNN refuses the shape.
  func implementation() throws(KernelError) -> any PrimitiveImplementation

  /// One primitive for this work and `next`, which works element by element on its result. Nil if both need a kernel.
  ///
  /// Its operands are those of this work without the result, the others of `next`, and the result of `next`.
  func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)?

  /// About what an implementation takes beside its operands, known before there is one.
  var extraMemory: ExtraMemory { get }

  /// True for one pass over memory that costs little beside the work around it. A plan may run it again instead of
  /// keeping its result.
  var isRepeatable: Bool { get }

  /// The extents as `dlrun plan` prints them. Empty for work whose tensors show them.
  var extents: String { get }
}

extension PrimitiveShape {
  package func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)? { nil }
  package var extraMemory: ExtraMemory { ExtraMemory() }
  package var isRepeatable: Bool { false }
  package var extents: String { "" }
}
