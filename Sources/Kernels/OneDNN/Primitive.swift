internal import COneDNN

/// Owns a primitive and its descriptor. Several threads may use both at once.
@safe
final class Primitive: @unchecked Sendable {
  let descriptor: dnnl_primitive_desc_t
  let handle: dnnl_primitive_t

  /// Creates a primitive.
  ///
  /// - Parameter makeDescriptor: creates the descriptor of the primitive.
  init(
    _ action: String,
    makeDescriptor: (inout dnnl_primitive_desc_t?) -> dnnl_status_t
  ) throws(KernelError) {
    var descriptor: dnnl_primitive_desc_t?
    try unsafe check(action, makeDescriptor(&descriptor))
    guard let descriptor = unsafe descriptor else {
      throw KernelError("oneDNN returned no descriptor")
    }
    var handle: dnnl_primitive_t?
    let status = unsafe dnnl_primitive_create(&handle, descriptor)
    guard status == dnnl_success, let handle = unsafe handle else {
      unsafe dnnl_primitive_desc_destroy(descriptor)
      try check(action, status)
      throw KernelError("oneDNN returned no primitive")
    }
    unsafe self.descriptor = descriptor
    unsafe self.handle = handle
  }

  deinit {
    unsafe dnnl_primitive_destroy(handle)
    unsafe dnnl_primitive_desc_destroy(descriptor)
  }

  /// oneDNN's name of the kernel that it chose.
  var implementation: String { unsafe String(cString: dl_implementation(descriptor)) }

  /// The elements of scratch memory that one run needs.
  var scratchCount: Int {
    elementCount(unsafe dl_layout_bytes(dl_scratchpad_layout(descriptor)))
  }
}
