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

  /// What the work is for, which decides its place in the plan.
  package enum Role: Sendable {
    /// A part of the forward direction, or of an update.
    case forward
    /// A part of the backward direction.
    case backward
    /// A joint step on parameters alone. All of them come first, and slices do not wait for each other later.
    case preparation
    /// A sum over the batch that nothing needs before the last gradient is known. Such joint steps are put off to the
    /// end, where they meet in one stage.
    case deferredSum
    /// A pass of the forward direction that runs again, because its result was given up.
    case recomputed
  }

  /// A tensor that a joint step and the slices exchange, wherever the slices are computed. Tensors that all slices see
  /// are not among them.
  package enum Exchange: Sendable, Equatable {
    /// The step reads every slice's own tensor, in the order of the slices.
    case parts(Slot)
    /// The step takes the rows of the whole batch as one matrix: it reads those of every slice, or writes them for every
    /// slice.
    case rows(Slot)
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
  /// Of a joint step, in the order of `reads` and `writes`; none of an operation that every slice runs.
  package let exchanges: [Exchange]
  package let work: Work
  package let role: Role

  /// True for what runs after the forward direction.
  package var isBackward: Bool { role != .forward && role != .preparation }

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
