internal import COneDNN

/// A layout that a primitive chose, for comparison; it keeps the primitive alive that owns it.
@safe
final class PackedLayout: @unchecked Sendable {
  private let primitive: Primitive
  let handle: dl_const_layout_t

  init(_ primitive: Primitive, _ handle: dl_const_layout_t) {
    self.primitive = primitive
    unsafe self.handle = handle
  }

  /// Elements that a tensor of the layout takes, padding included.
  var count: Int { elementCount(unsafe dl_layout_bytes(handle)) }

  func isEqual(to other: PackedLayout) -> Bool {
    unsafe dnnl_memory_desc_equal(handle, other.handle) != 0
  }
}
