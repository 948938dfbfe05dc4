internal import COneDNN

/// A product through oneDNN's matmul with fused bias and ReLU. A second loop applies another
/// nonlinearity, with the same bits on every processor.
///
/// matmul reaches the processor's peak in all three products of a linear layer, and inner_product
/// does not. A fused ReLU without slope turns NaN into 0, because it is oneDNN's maximum. All other
/// operations keep NaN.
package final class MatMul: PrimitiveImplementation {
  private let shape: ProductShape
  private let primitive: Primitive
  private let left: Layout
  /// The right operand in its own layout, and in the layout that the primitive reads.
  private let right: (plain: Layout, read: PackedLayout)
  private let bias: Layout?
  private let result: Layout

  /// Prepares the product.
  ///
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
    let readRight =
      shape.isRightConstant
      ? try Layout(rows: shape.depth, columns: shape.columns, rowStride: 0, columnStride: 0) : right
    let tail = unsafe shape.nonlinearity.tail(accumulates: shape.accumulates)
    primitive = try unsafe Primitive("prepare the product \(shape.description)") { descriptor in
      unsafe dl_matmul_create(
        &descriptor, engine, left.handle, readRight.handle, bias?.handle, result.handle, tail)
    }
    guard let layout = unsafe dl_weights_layout(primitive.descriptor) else {
      throw KernelError("oneDNN does not report the layout of the product \(shape.description)")
    }
    self.left = left
    self.right = unsafe (right, PackedLayout(primitive, layout))
    self.bias = bias
    self.result = result
  }

  package var name: String { primitive.implementation }
  package var scratchCount: Int { primitive.scratchCount }

  package var packing: (any WeightPacking)? {
    guard shape.isRightConstant else { return nil }
    return OneDNNPacking(
      plain: right.plain, plainCount: shape.depth * shape.columns, chosen: right.read)
  }

  package func kernel(
    _ operands: [FloatView], scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    let product = try primitiveKernel(operands, scratch: scratch)
    guard let function = shape.nonlinearity, !function.isRamp else { return product }
    let result = operands[operands.count - 1]
    if shape.resultStride == shape.columns {
      return KernelSequence([
        product,
        nonlinearity(function, from: result, to: result, count: shape.rows * shape.columns),
      ])
    }
    let rows = (0..<shape.rows).map { row in
      let first = row * shape.resultStride
      let elements = result[first..<first + shape.columns]
      return nonlinearity(function, from: elements, to: elements, count: shape.columns)
    }
    return KernelSequence([product] + rows)
  }

  /// The indices of operands for ``PrimitiveKernel/move(_:to:)``.
  enum Place {
    static let left = 0
    static let right = 1
    static let result = 2
  }

  /// Binds the operands of the product.
  ///
  /// - Throws: ``KernelError`` if oneDNN refuses the operands.
  func primitiveKernel(
    _ operands: [FloatView], scratch: FloatView?
  ) throws(KernelError) -> PrimitiveKernel {
    let rightCount = shape.isRightConstant ? right.read.count : shape.rightSpan
    var arguments = unsafe [
      (DNNL_ARG_SRC, left.constant, operands[0].checked(shape.leftSpan)),
      (DNNL_ARG_WEIGHTS, right.read.handle, operands[1].checked(rightCount)),
      (DNNL_ARG_DST, result.constant, operands[operands.count - 1].checked(shape.resultSpan)),
    ]
    if let bias {
      unsafe arguments.append((DNNL_ARG_BIAS, bias.constant, operands[2].checked(shape.columns)))
    }
    if let scratch, let layout = unsafe dl_scratchpad_layout(primitive.descriptor) {
      unsafe arguments.append((DNNL_ARG_SCRATCHPAD, layout, scratch.checked(scratchCount)))
    }
    return try unsafe PrimitiveKernel(primitive, arguments)
  }
}

extension Nonlinearity? {
  /// Returns the operations after a product or a convolution of oneDNN. Functions other than ReLU
  /// are not among them: their bits would depend on the processor.
  ///
  /// - Parameters:
  ///   - accumulates: true adds the result to the previous content of its memory.
  ///   - addend: the layout of a tensor that is added before the nonlinearity. It must outlive the
  ///     tail.
  @unsafe
  func tail(accumulates: Bool = false, addend: Layout? = nil) -> dl_tail_t {
    let (function, slope): (dl_nonlinearity_t, Float) =
      switch self {
      case .relu(let slope): (dl_relu, slope)
      case nil, .sigmoid, .tanh: (dl_no_nonlinearity, 0)
      }
    return unsafe dl_tail_t(
      accumulates: accumulates ? 1 : 0, addend: addend?.constant, nonlinearity: function,
      slope: slope)
  }
}
