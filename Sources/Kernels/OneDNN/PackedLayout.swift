internal import COneDNN

/// A layout that a primitive chose. It keeps the primitive alive, which owns the layout.
@safe
final class PackedLayout: @unchecked Sendable {
  private let primitive: Primitive
  let handle: dl_const_layout_t

  init(_ primitive: Primitive, _ handle: dl_const_layout_t) {
    self.primitive = primitive
    unsafe self.handle = handle
  }

  /// The elements of a tensor in this layout, padding included.
  var count: Int { elementCount(unsafe dl_layout_bytes(handle)) }

  func isEqual(to other: PackedLayout) -> Bool {
    unsafe dnnl_memory_desc_equal(handle, other.handle) != 0
  }
}
