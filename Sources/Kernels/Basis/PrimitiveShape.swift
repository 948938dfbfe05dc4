/// Describes work before its operands exist. Equal values share one implementation.
///
/// Matrix products, convolutions, sums and nonlinearities are primitives. The last operand is the
/// result.
package protocol PrimitiveShape: Hashable, Sendable {
  /// Chooses the implementation by the shape alone, never by a clock.
  ///
  /// - Throws: ``KernelError`` if `DLRUN_VECTORS` names a table that the processor lacks.
  func implementation() throws(KernelError) -> any PrimitiveImplementation

  /// Fuses this work with `next`, which works element by element on its result. Nil if both need a
  /// kernel.
  ///
  /// The fused primitive takes the operands of this work without its result, then the other
  /// operands of `next`, then the result of `next`.
  func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)?

  /// An estimate of the memory that an implementation needs in addition to its operands.
  var extraMemory: ExtraMemory { get }

  /// True for one cheap pass over memory. A plan may repeat the pass instead of keeping its result.
  var isRepeatable: Bool { get }

  /// The extents that `dlrun plan` prints. Empty if the tensors of the work show them.
  var extents: String { get }
}

extension PrimitiveShape {
  package func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)? { nil }
  package var extraMemory: ExtraMemory { ExtraMemory() }
  package var isRepeatable: Bool { false }
  package var extents: String { "" }
}
