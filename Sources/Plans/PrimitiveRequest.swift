package import Kernels

/// A primitive whose extents depend on its part of the batch.
package struct PrimitiveRequest: Sendable {
  /// The operands in the order that the shape documents.
  package let operands: [Slot]
  package let shape: @Sendable (Part) -> any PrimitiveShape
  /// The elements of each operand that a tile reads or writes. Nil if every part uses whole
  /// operands.
  let ranges: (@Sendable (Part) -> [Range<Int>])?

  init(
    operands: [Slot], ranges: (@Sendable (Part) -> [Range<Int>])? = nil,
    shape: @escaping @Sendable (Part) -> any PrimitiveShape
  ) {
    self.operands = operands
    self.shape = shape
    self.ranges = ranges
  }

  /// A product of matrices. Operands: left, right, (bias), result.
  init(_ product: BatchProduct, operands: [Slot]) {
    self.init(
      operands: operands,
      ranges: { product.ranges(examples: $0.examples.count, tile: $0.tile, of: $0.tiles) },
      shape: { product.shape(examples: $0.examples.count, tile: $0.tile, of: $0.tiles) })
  }

  /// One primitive that does this work and then `next` on its result. Nil if they cannot be fused.
  ///
  /// - Parameters:
  ///   - addends: the operands of `next` other than this result.
  ///   - part: any part. The choice does not change whether the shapes can be fused.
  func fused(with next: PrimitiveRequest, _ addends: [Slot], on part: Part) -> PrimitiveRequest? {
    guard let result = next.operands.last, shape(part).fused(with: next.shape(part)) != nil else {
      return nil
    }
    // The other operands lie like the result.
    let ranges = ranges.map { ranges -> @Sendable (Part) -> [Range<Int>] in
      { part in
        let own = ranges(part)
        return own + [Range<Int>](repeating: own[own.count - 1], count: addends.count)
      }
    }
    return PrimitiveRequest(
      operands: operands.dropLast() + addends + [result], ranges: ranges
    ) { [shape] part in
      guard let fused = shape(part).fused(with: next.shape(part)) else {
        preconditionFailure("a part of a fused primitive that cannot be fused")
      }
      return fused
    }
  }
}
