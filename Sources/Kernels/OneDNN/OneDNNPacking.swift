internal import COneDNN

/// Converts row-major weights to the layout that a oneDNN primitive chose.
struct OneDNNPacking: WeightPacking {
  let plain: Layout
  /// The elements of the plain weights.
  let plainCount: Int
  let chosen: PackedLayout

  var operand: Int { 1 }
  var count: Int { chosen.count }

  func isAlike(_ other: any WeightPacking) -> Bool {
    (other as? OneDNNPacking)?.chosen.isEqual(to: chosen) ?? false
  }

  func kernel(from weights: FloatView, to packed: FloatView) throws(KernelError) -> any Kernel {
    let engine = unsafe try OneDNN.shared().engine
    let reorder = try unsafe Primitive("change the layout of weights") { descriptor in
      unsafe dl_reorder_create(&descriptor, engine, plain.constant, chosen.handle)
    }
    return try unsafe PrimitiveKernel(
      reorder,
      [
        (DNNL_ARG_FROM, plain.constant, weights.checked(plainCount)),
        (DNNL_ARG_TO, chosen.handle, packed.checked(chosen.count)),
      ])
  }
}
