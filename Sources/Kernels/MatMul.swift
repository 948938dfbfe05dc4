internal import COneDNN

/// A product through oneDNN's matmul primitive, with bias and nonlinearity fused.
///
/// Matmul and not inner_product: it reaches the processor's peak in all of the three products of a linear layer.
/// A ReLU without slope that is fused gives 0 for NaN, which is oneDNN's maximum of the two; all else keeps NaN.
package final class MatMul: ProductImplementation {
  private let shape: ProductShape
  private let primitive: Primitive
  private let layouts: [Layout]
  private let biasLayout: Layout?

  /// - Throws: ``KernelError`` if oneDNN refuses the shape.
  package init(shape: ProductShape) throws(KernelError) {
    self.shape = shape
    let engine = unsafe try OneDNN.shared().engine
    let (leftRow, leftDepth) = shape.leftStrides
    let (rightDepth, rightColumn) = shape.rightStrides
    let left = try Layout(
      rows: shape.rows, columns: shape.depth, rowStride: leftRow, columnStride: leftDepth)
    let right = try Layout(
      rows: shape.depth, columns: shape.columns, rowStride: rightDepth, columnStride: rightColumn)
    let result = try Layout(
      rows: shape.rows, columns: shape.columns, rowStride: shape.columns, columnStride: 1)
    let bias =
      shape.hasBias
      ? try Layout(rows: 1, columns: shape.columns, rowStride: shape.columns, columnStride: 1) : nil
    layouts = [left, right, result]
    biasLayout = bias
    let (function, slope) = shape.nonlinearity.oneDNN
    primitive = try unsafe Primitive("prepare the product \(shape.description)") { descriptor in
      unsafe dl_matmul_create(
        &descriptor, engine, left.handle, right.handle, bias?.handle, result.handle, function, slope
      )
    }
  }

  package var name: String { primitive.implementation }
  package var scratchCount: Int { primitive.scratchCount }

  package func kernel(
    _ operands: ProductOperands, scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    var arguments = unsafe [
      (DNNL_ARG_SRC, dl_const_layout_t(layouts[0].handle), operands.left.checked(shape.leftSpan)),
      (
        DNNL_ARG_WEIGHTS, dl_const_layout_t(layouts[1].handle),
        operands.right.checked(shape.depth * shape.columns)
      ),
      (
        DNNL_ARG_DST, dl_const_layout_t(layouts[2].handle),
        operands.result.checked(shape.rows * shape.columns)
      ),
    ]
    if let biasLayout, let bias = operands.bias {
      unsafe arguments.append(
        (DNNL_ARG_BIAS, dl_const_layout_t(biasLayout.handle), bias.checked(shape.columns)))
    }
    if let scratch, let layout = unsafe dl_scratchpad_layout(primitive.descriptor) {
      unsafe arguments.append((DNNL_ARG_SCRATCHPAD, layout, scratch.checked(scratchCount)))
    }
    return try unsafe PrimitiveKernel(primitive, arguments)
  }
}

extension Nonlinearity? {
  /// oneDNN's function, and the slope that ReLU takes.
  fileprivate var oneDNN: (dl_nonlinearity_t, Float) {
    switch self {
    case nil: (dl_no_nonlinearity, 0)
    case .relu(let slope): (dl_relu, slope)
    case .sigmoid: (dl_logistic, 0)
    case .tanh: (dl_tanh, 0)
    }
  }
}
