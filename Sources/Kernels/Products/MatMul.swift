internal import COneDNN
package import Tensors

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
      rows: shape.rows, columns: shape.columns, rowStride: shape.resultStride, columnStride: 1)
    let bias =
      shape.hasBias
      ? try Layout(rows: 1, columns: shape.columns, rowStride: shape.columns, columnStride: 1) : nil
    layouts = [left, right, result]
    let chosen =
      shape.isRightConstant
      ? try Layout(rows: shape.depth, columns: shape.columns, rowStride: 0, columnStride: 0) : right
    biasLayout = bias
    let tail = unsafe shape.nonlinearity.tail(accumulates: shape.accumulates)
    primitive = try unsafe Primitive("prepare the product \(shape.description)") { descriptor in
      unsafe dl_matmul_create(
        &descriptor, engine, left.handle, chosen.handle, bias?.handle, result.handle, tail)
    }
  }

  package var name: String { primitive.implementation }
  package var scratchCount: Int { primitive.scratchCount }

  package func kernel(
    _ operands: ProductOperands, scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    try primitiveKernel(operands, scratch: scratch)
  }

  /// The places of operands among those of its kernel.
  enum Place {
    static let left = 0
    static let right = 1
    static let result = 2
  }

  /// - Throws: ``KernelError`` if oneDNN refuses the operands.
  func primitiveKernel(
    _ operands: ProductOperands, scratch: FloatView?
  ) throws(KernelError) -> PrimitiveKernel {
    guard let rightLayout = unsafe dl_weights_layout(primitive.descriptor) else {
      throw KernelError("oneDNN does not tell the layout of the product \(shape.description)")
    }
    var arguments = unsafe [
      (DNNL_ARG_SRC, dl_const_layout_t(layouts[0].handle), operands.left.checked(shape.leftSpan)),
      (
        DNNL_ARG_WEIGHTS, rightLayout,
        operands.right.checked(
          shape.isRightConstant
            ? elementCount(unsafe dl_layout_bytes(rightLayout)) : shape.rightSpan)
      ),
      (
        DNNL_ARG_DST, dl_const_layout_t(layouts[2].handle),
        operands.result.checked(shape.resultSpan)
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

  package func packed(_ right: FloatView) throws(KernelError) -> FloatStorage? {
    guard shape.isRightConstant else { return nil }
    let engine = unsafe try OneDNN.shared().engine
    let plain = unsafe dl_const_layout_t(layouts[1].handle)
    guard let chosen = unsafe dl_weights_layout(primitive.descriptor),
      let storage = FloatStorage(count: elementCount(unsafe dl_layout_bytes(chosen)))
    else { throw KernelError("no memory for the weights of the product \(shape.description)") }
    let reorder = try unsafe Primitive("change the layout of weights") { descriptor in
      unsafe dl_reorder_create(&descriptor, engine, plain, chosen)
    }
    let right = right.checked(shape.depth * shape.columns)
    try unsafe PrimitiveKernel(
      reorder, [(DNNL_ARG_FROM, plain, right), (DNNL_ARG_TO, chosen, FloatView(storage))]
    ).run()
    return storage
  }
}

extension Nonlinearity? {
  /// What follows a product or a convolution of oneDNN.
  ///
  /// - Parameters:
  ///   - accumulates: whether the result is added to what is there.
  ///   - addend: the layout of what is added before the nonlinearity; it lives as long as the tail is used.
  @unsafe
  func tail(accumulates: Bool = false, addend: Layout? = nil) -> dl_tail_t {
    let (function, slope): (dl_nonlinearity_t, Float) =
      switch self {
      case nil: (dl_no_nonlinearity, 0)
      case .relu(let slope): (dl_relu, slope)
      case .sigmoid: (dl_logistic, 0)
      case .tanh: (dl_tanh, 0)
      }
    return unsafe dl_tail_t(
      accumulates: accumulates ? 1 : 0, addend: addend?.constant, nonlinearity: function,
      slope: slope)
  }
}
