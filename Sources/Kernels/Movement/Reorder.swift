internal import COneDNN

/// result = x in another layout. Operands: x, result.
package struct ReorderShape: PrimitiveShape {
  package let axes: [Int]
  package let from: TensorLayout
  package let to: TensorLayout

  /// - Parameter axes: [examples, C, spatial…].
  package init(axes: [Int], from: TensorLayout, to: TensorLayout) {
    self.axes = axes
    self.from = from
    self.to = to
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    // One channel, or one position, lies the same way in any layout that does not pad.
    let positions = axes.dropFirst(2).reduce(1, *)
    if axes[1] == 1 || (positions == 1 && from != .blocked && to != .blocked) {
      return PlainCopy(count: axes.reduce(1, *))
    }
    return try Reorder(self)
  }
}

/// A reorder that moves nothing.
private struct PlainCopy: PrimitiveImplementation {
  let count: Int

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    copy(operands[0], to: operands[1], count: count)
  }
}

/// A reorder by oneDNN.
private final class Reorder: PrimitiveImplementation {
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
