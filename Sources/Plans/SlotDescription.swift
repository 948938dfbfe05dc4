package import Kernels
package import Tensors

/// The properties of a tensor before its memory is assigned.
package struct SlotDescription: Sendable {
  /// The relation of the tensor to the slices of the batch.
  package enum Extent: Sendable {
    /// The first axis counts examples, and each slice stores its rows.
    case rows
    /// The first axis counts examples. The rows of all slices are contiguous, because one kernel
    /// reads them as a matrix.
    case batch
    /// Each slice has its own tensor of this shape: a part of a sum over the batch.
    case slice
    /// One tensor that all slices share.
    case shared
  }

  /// The lifetime of the tensor's values.
  package enum Lifetime: Sendable {
    /// From the first to the last operation that uses the tensor.
    case uses
    /// From the first operation that uses the tensor until it is read after the run.
    case run
    /// Longer than the plan, in external memory: parameters and their gradients. Nil while the plan
    /// is only estimated.
    case external(FloatView?)
  }

  package enum Element: Int, Sendable {
    case float = 4
    case double = 8
  }

  package let name: String
  /// The shape. Covers the whole batch if the first axis counts examples.
  package let shape: Shape
  package var extent: Extent
  package let element: Element
  /// The memory layout of the elements. It does not change the shape, whose axes are in row-major
  /// order.
  package var layout = TensorLayout.plain
  package var lifetime = Lifetime.uses

  package var isExternal: Bool { if case .external = lifetime { true } else { false } }

  /// The external memory. Nil while the plan is only estimated.
  var external: FloatView? { if case .external(let view) = lifetime { view } else { nil } }

  /// True if code outside the plan may read the tensor. No other tensor may then use its bytes.
  package var isReadOutside: Bool { if case .uses = lifetime { false } else { true } }

  var countsExamples: Bool { extent == .rows || extent == .batch }
}
