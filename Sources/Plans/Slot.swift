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
    /// The first axis counts examples; each slice has its rows of it.
    case batch
    /// A whole tensor of its own in every slice: a part of a sum over the batch.
    case slice
    /// One tensor that all slices see.
    case shared
  }

  package enum Element: Int, Sendable {
    case float = 4
    case double = 8
  }

  package let name: String
  /// Of the whole batch where the extent is ``Extent/batch``.
  package let shape: Shape
  package let extent: Extent
  package let element: Element
  /// How the elements lie; the shape is that of the row-major tensor.
  package var layout = TensorLayout.plain
  /// True for memory that the plan does not own: parameters and their gradients.
  package var isExternal = false
  /// The external memory; nil while it is only planned for.
  package var external: FloatView?
  /// True where somebody reads the tensor after the plan has run, so that nothing may take its place.
  package var isKept = false
  /// True where one kernel reads all slices' rows as one matrix.
  package var isContiguous = false

  /// True where somebody else than the plan may read the tensor.
  var isReadOutside: Bool { isKept || isExternal }
}
