internal import COneDNN

/// Owns a primitive and its descriptor; both may be used by several threads at once.
@safe
final class Primitive: @unchecked Sendable {
  let descriptor: dnnl_primitive_desc_t
  let handle: dnnl_primitive_t

  /// - Parameter makeDescriptor: fills in the descriptor that the primitive is made from.
  init(
    _ action: String,
    makeDescriptor: (inout dnnl_primitive_desc_t?) -> dnnl_status_t
  ) throws(KernelError) {
    var descriptor: dnnl_primitive_desc_t?
    try unsafe check(action, makeDescriptor(&descriptor))
    guard let descriptor = unsafe descriptor else { throw KernelError("oneDNN gave no descriptor") }
    var handle: dnnl_primitive_t?
    let status = unsafe dnnl_primitive_create(&handle, descriptor)
    guard status == dnnl_success, let handle = unsafe handle else {
      unsafe dnnl_primitive_desc_destroy(descriptor)
      try check(action, status)
      throw KernelError("oneDNN gave no primitive")
    }
    unsafe self.descriptor = descriptor
    unsafe self.handle = handle
  }

  deinit {
    unsafe dnnl_primitive_destroy(handle)
    unsafe dnnl_primitive_desc_destroy(descriptor)
  }

  /// oneDNN's name of the kernel behind it.
  var implementation: String { unsafe String(cString: dl_implementation(descriptor)) }

  /// Elements of scratch memory that a run needs.
  var scratchCount: Int {
    elementCount(unsafe dl_layout_bytes(dl_scratchpad_layout(descriptor)))
  }
}
