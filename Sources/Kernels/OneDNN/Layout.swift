internal import COneDNN

/// Owns a memory descriptor of oneDNN.
@safe
final class Layout: @unchecked Sendable {
  let handle: dl_layout_t

  /// Describes a matrix with element (r, c) at r·rowStride + c·columnStride.
  ///
  /// - Throws: ``KernelError`` for extents that oneDNN refuses.
  init(rows: Int, columns: Int, rowStride: Int, columnStride: Int) throws(KernelError) {
    var handle: dl_layout_t?
    try unsafe check(
      "describe a \(rows)x\(columns) matrix",
      dl_layout_create(
        &handle, dnnl_dim_t(rows), dnnl_dim_t(columns), dnnl_dim_t(rowStride),
        dnnl_dim_t(columnStride)))
    guard let handle = unsafe handle else { throw KernelError("oneDNN returned no descriptor") }
    unsafe self.handle = handle
  }

  /// Describes a tensor with the extents `axes`.
  ///
  /// - Parameter layout: the layout. Nil lets the primitive choose one.
  /// - Throws: ``KernelError`` for extents that oneDNN refuses.
  init(_ axes: [Int], _ layout: TensorLayout?) throws(KernelError) {
    let order =
      switch layout {
      case .plain: dl_plain
      case .channelsLast: dl_channels_last
      case .blocked: dl_blocked
      case nil: dl_any
      }
    var handle: dl_layout_t?
    try unsafe check(
      "describe a tensor of \(axes.map(String.init).joined(separator: "x"))",
      dl_tensor_create(&handle, Int32(axes.count), axes.map { dnnl_dim_t($0) }, order))
    guard let handle = unsafe handle else { throw KernelError("oneDNN returned no descriptor") }
    unsafe self.handle = handle
  }

  var constant: dl_const_layout_t { unsafe dl_const_layout_t(handle) }

  deinit { unsafe dl_layout_destroy(handle) }
}
