/// An implementation that packs its weights in each run, into its scratch memory.
///
/// It suits a kernel that alone reads the weights, and once in a step. The packed weights need no memory
/// of their own, and are still in the cache when they are read.
struct PackingItself: PrimitiveImplementation {
  private let implementation: any PrimitiveImplementation
  private let inner: any WeightPacking

  /// Returns nil if the implementation reads its weights unpacked.
  init?(_ implementation: any PrimitiveImplementation) {
    guard let packing = implementation.packing else { return nil }
    self.implementation = implementation
    inner = packing
  }

  var name: String { implementation.name }

  /// The scratch ranges of the packed weights and of the implementation.
  private var parts: (packed: Range<Int>, rest: Range<Int>) {
    let start = (inner.count + 15) / 16 * 16
    return (0..<inner.count, start..<start + implementation.scratchCount)
  }

  var scratchCount: Int { parts.rest.upperBound }

  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel {
    guard let scratch = scratch?.checked(scratchCount) else {
      throw KernelError("a kernel that packs its weights lacks its scratch memory")
    }
    let (packed, rest) = (scratch[parts.packed], scratch[parts.rest])
    let packing = try inner.kernel(from: operands[inner.operand], to: packed)
    var operands = operands
    operands[inner.operand] = packed
    return KernelSequence([packing, try implementation.kernel(operands, scratch: rest)])
  }
}
