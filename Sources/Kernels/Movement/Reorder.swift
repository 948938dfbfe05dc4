internal import COneDNN

/// Changes a layout through oneDNN.
final class Reorder: PrimitiveImplementation {
  private let layouts: [Layout]
  private let primitive: Primitive
  private let count: Int

  init(_ shape: ReorderShape) throws(KernelError) {
    let engine = unsafe try OneDNN.shared().engine
    let (from, to) = (try Layout(shape.axes, shape.from), try Layout(shape.axes, shape.to))
    layouts = [from, to]
    count = shape.axes.reduce(1, *)
    primitive = try unsafe Primitive("change the layout of \(shape.axes)") { descriptor in
      unsafe dl_reorder_create(&descriptor, engine, from.constant, to.constant)
    }
  }

  var name: String { primitive.implementation }

  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel {
    try unsafe PrimitiveKernel(
      primitive,
      [
        (DNNL_ARG_FROM, layouts[0].constant, operands[0].checked(count)),
        (DNNL_ARG_TO, layouts[1].constant, operands[1].checked(count)),
      ])
  }
}
