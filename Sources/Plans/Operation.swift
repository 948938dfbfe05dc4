package import Kernels

/// One recorded operation, before its memory and implementation are chosen.
package struct Operation: Sendable {
  /// How the work is divided over the batch.
  package enum Scope: Sendable, Equatable {
    /// Once for each slice, on its rows.
    case slice
    /// Once for the whole batch. Workers share the `tiles` parts of the result.
    case joint(tiles: Int)
  }

  /// The purpose of the work, which decides its position in the plan.
  package enum Role: Sendable {
    /// A part of the forward pass, or of an update.
    case forward
    /// A part of the backward pass.
    case backward
    /// A joint step that reads only parameters. All preparations come first, so slices do not wait
    /// for each other later.
    case preparation
    /// A sum over the batch that nothing needs before the last gradient is known. Such joint steps
    /// move to the end, into one stage.
    case deferredSum
    /// An operation of the forward pass that runs again, because its result was discarded.
    case recomputed
  }

  /// A tensor that a joint step reads from all slices, or writes for all slices. Shared tensors are
  /// not included.
  package enum Exchange: Sendable, Equatable {
    /// The step reads the tensors of all slices, in order.
    case parts(Slot)
    /// The step uses the rows of the whole batch as one matrix. It reads the rows of every slice,
    /// or writes them for every slice.
    case rows(Slot)
  }

  package enum Work: Sendable {
    case primitive(PrimitiveRequest)
    /// Other work: creates the kernel after the operands are bound.
    case kernel(@Sendable (Binding) throws(KernelError) -> any Kernel)
  }

  /// The name that `dlrun plan` prints: "softmax".
  package let name: String
  /// The layers that recorded the operation, each once. A fused operation has several.
  package let layers: [String]
  package let reads: [Slot]
  package let writes: [Slot]
  package let scope: Scope
  /// The exchanges of a joint step, in the order of `reads` and `writes`. Empty for an operation
  /// that every slice runs.
  package let exchanges: [Exchange]
  package let work: Work
  package let role: Role

  /// True for an operation that runs after the forward pass.
  package var isBackward: Bool { role != .forward && role != .preparation }

  /// The layers as printed: "conv1+relu1".
  package var layer: String { layers.joined(separator: "+") }

  /// The number of kernels of the operation: one for each slice, or one for each tile.
  func partCount(_ builder: PlanBuilder) -> Int {
    switch scope {
    case .slice: builder.sliceCount
    case .joint(let tiles): tiles
    }
  }

  /// The part that the kernel of a slice or a tile works on.
  func part(_ index: Int, _ builder: PlanBuilder) -> Part {
    switch scope {
    case .slice: Part(examples: builder.examples(ofSlice: index), slice: index)
    case .joint(let tiles): Part(examples: 0..<builder.batchSize, tile: index, of: tiles)
    }
  }

  /// The shapes of the parts. Empty for work that is not a primitive.
  func shapes(_ builder: PlanBuilder) -> [any PrimitiveShape] {
    guard case .primitive(let request) = work else { return [] }
    return (0..<partCount(builder)).map { request.shape(part($0, builder)) }
  }

  /// The implementations of the parts. Empty for work that is not a primitive.
  ///
  /// - Throws: `KernelError` if `DLRUN_VECTORS` names unknown tiles.
  func implementations(
    _ builder: PlanBuilder, _ cache: ImplementationCache
  ) throws(KernelError) -> [any PrimitiveImplementation] {
    try shapes(builder).map { shape throws(KernelError) in try cache.implementation(of: shape) }
  }
}
