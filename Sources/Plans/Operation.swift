package import Kernels

/// One recorded piece of work, before memory and implementation are decided.
package struct Operation: Sendable {
  /// Who does the work, and on what part of the batch.
  package enum Scope: Sendable, Equatable {
    /// Once for every slice, on its rows.
    case slice
    /// Once for the whole batch, cut into `tiles` parts of its result that workers share.
    case joint(tiles: Int)
  }

  package enum Work: Sendable {
    case primitive(PrimitiveRequest)
    /// Anything else: makes the kernel once the operands are bound.
    case kernel(@Sendable (Binding) throws(KernelError) -> any Kernel)
  }

  /// As `dlrun plan` prints it: "softmax".
  package let name: String
  /// The layers that recorded it, each once: several where it is fused.
  package let layers: [String]
  package let reads: [Slot]
  package let writes: [Slot]
  package let scope: Scope
  package let work: Work
  /// True for a sum over the batch that nobody needs before the last gradient is known: such joint steps are put off
  /// to the end, where they meet in one stage.
  package let isDeferred: Bool
  /// True for a joint step on parameters alone: all of them come first, and slices do not wait for each other later.
  package var isPreparation = false
  /// True for a part of the backward direction.
  package var isBackward = false
  /// True where it computes again what was given up.
  package var isRepeat = false

  /// Its layers, as they are printed: "conv1+relu1".
  package var layer: String { layers.joined(separator: "+") }

  /// How many kernels the operation becomes: one a slice, or one a tile.
  func partCount(_ builder: PlanBuilder) -> Int {
    switch scope {
    case .slice: builder.sliceCount
    case .joint(let tiles): tiles
    }
  }

  /// What the kernel of a slice, or of a tile, works on.
  func part(_ index: Int, _ builder: PlanBuilder) -> Part {
    switch scope {
    case .slice: Part(examples: builder.examples(ofSlice: index), slice: index)
    case .joint(let tiles): Part(examples: 0..<builder.batchSize, tile: index, of: tiles)
    }
  }

  /// The implementations of its parts; none for work that is not a primitive.
  ///
  /// - Throws: `KernelError` if oneDNN refuses a shape.
  func implementations(
    _ builder: PlanBuilder, _ cache: ImplementationCache
  ) throws(KernelError) -> [any PrimitiveImplementation] {
    guard case .primitive(let request) = work else { return [] }
    return try (0..<partCount(builder)).map { index throws(KernelError) in
      try cache.implementation(of: request.shape(part(index, builder)))
    }
  }
}
