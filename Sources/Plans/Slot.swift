package import Kernels
package import Tensors

/// A tensor of a plan, by number. What it is stands in the plan's ``SlotDescription``.
package struct Slot: Hashable, Sendable {
  package let index: Int
}

/// What a plan knows of a tensor before its memory is decided.
package struct SlotDescription: Sendable {
  /// How the tensor relates to the slices of the batch.
  package enum Extent: Sendable {
    /// The first axis counts examples; each slice holds its rows.
    case rows
    /// The first axis counts examples; the rows of all slices lie together, since one kernel takes them as a matrix.
    case batch
    /// A whole tensor of its own in every slice: a part of a sum over the batch.
    case slice
    /// One tensor that all slices see.
    case shared
  }

  /// How long the tensor's values are needed.
  package enum Lifetime: Sendable {
    /// From the first to the last operation that uses the tensor.
    case uses
    /// From the first operation that uses the tensor until somebody has read it after the run.
    case run
    /// Longer than the plan, in memory that is not its own: parameters and their gradients. Nil while the memory is only
    /// planned for.
    case external(FloatView?)
  }

  package enum Element: Int, Sendable {
    case float = 4
    case double = 8
  }

  package let name: String
  /// Of the whole batch where the first axis counts examples.
  package let shape: Shape
  package var extent: Extent
  package let element: Element
  /// How the elements lie; the shape is that of the row-major tensor.
  package var layout = TensorLayout.plain
  package var lifetime = Lifetime.uses

  package var isExternal: Bool { if case .external = lifetime { true } else { false } }

  /// The memory from outside the plan; nil while it is only planned for.
  var external: FloatView? { if case .external(let view) = lifetime { view } else { nil } }

  /// True where somebody else than the plan may read the tensor, so that nothing may take its place.
  package var isReadOutside: Bool { if case .uses = lifetime { false } else { true } }

  var countsExamples: Bool { extent == .rows || extent == .batch }
}
