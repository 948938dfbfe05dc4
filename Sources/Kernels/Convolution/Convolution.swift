internal import COneDNN

/// A convolution through oneDNN with fused bias, sum and ReLU.
///
/// The primitive chooses the layout of the weights. Read-only weights are packed once per run of a
/// plan. A weight gradient is unpacked once per slice.
final class Convolution: PrimitiveImplementation {
  private let shape: ConvolutionShape
  private let primitive: Primitive
  private let input: Layout
  private let output: Layout
  private let plainWeights: Layout
  private let bias: Layout?
  private let chosen: PackedLayout
  /// Reorders the weight gradient from the chosen layout to row-major order. Nil if no reorder is
  /// necessary.
  private let unpacking: Primitive?

  init(_ shape: ConvolutionShape) throws(KernelError) {
    self.shape = shape
    let engine = unsafe try OneDNN.shared().engine
    let input = try Layout(shape.inputAxes, shape.inputLayout)
    let output = try Layout(shape.outputAxes, shape.outputLayout)
    let weights = try Layout(shape.weightAxes, nil)
    let plainWeights = try Layout(shape.weightAxes, .plain)
    let bias = shape.hasBias ? try Layout([shape.outputChannels], .plain) : nil
    let tail = unsafe shape.nonlinearity.tail(addend: shape.hasAddend ? output : nil)
    let direction =
      switch shape.direction {
      case .forward: dl_forward
      case .backwardData: dl_backward_data
      case .backwardWeights: dl_backward_weights
      }
    let primitive = try unsafe Primitive("prepare the convolution \(shape.description)") {
      descriptor in
      unsafe shape.window.withWindow { window in
        unsafe dl_convolution_create(
          &descriptor, engine, direction, input.constant, weights.constant, bias?.constant,
          output.constant, window, tail)
      }
    }
    let layout =
      unsafe shape.direction == .backwardWeights
      ? dl_diff_weights_layout(primitive.descriptor) : dl_weights_layout(primitive.descriptor)
    guard let layout = unsafe layout else {
      throw KernelError("oneDNN does not report the weight layout of \(shape.description)")
    }
    chosen = unsafe PackedLayout(primitive, layout)
    let isTurned =
      unsafe shape.direction == .backwardWeights
      && dnnl_memory_desc_equal(layout, plainWeights.constant) == 0
    unpacking =
      isTurned
      ? try unsafe Primitive("turn the gradient of weights") { descriptor in
        unsafe dl_reorder_create(&descriptor, engine, layout, plainWeights.constant)
      } : nil
    self.primitive = primitive
    self.input = input
    self.output = output
    self.plainWeights = plainWeights
    self.bias = bias
  }

  var name: String { primitive.implementation }

  /// The scratch memory of the primitive, and a weight gradient in its layout.
  var scratchCount: Int {
    Convolution.aligned(primitive.scratchCount) + (unpacking == nil ? 0 : chosen.count)
  }

  /// Rounds up to whole cache lines.
  private static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  var packing: (any WeightPacking)? {
    guard shape.direction != .backwardWeights else { return nil }
    return OneDNNPacking(plain: plainWeights, plainCount: shape.weightCount, chosen: chosen)
  }

  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel {
    switch shape.direction {
    case .forward: try forward(operands, scratch)
    case .backwardData: try backwardData(operands, scratch)
    case .backwardWeights: try backwardWeights(operands, scratch)
    }
  }

  private typealias Argument = (argument: Int32, layout: dl_const_layout_t, view: FloatView)

  private var inputCount: Int { shape.inputAxes.reduce(1, *) }
  private var outputCount: Int { shape.outputAxes.reduce(1, *) }

  private func bind(
    _ arguments: [Argument], _ scratch: FloatView?
  ) throws(KernelError) -> PrimitiveKernel {
    var arguments = unsafe arguments
    if let scratch, primitive.scratchCount > 0,
      let layout = unsafe dl_scratchpad_layout(primitive.descriptor)
    {
      unsafe arguments.append(
        (DNNL_ARG_SCRATCHPAD, layout, scratch.checked(primitive.scratchCount)))
    }
    return try unsafe PrimitiveKernel(primitive, arguments)
  }

  private func forward(
    _ operands: [FloatView], _ scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    var arguments: [Argument] = unsafe [
      (DNNL_ARG_SRC, input.constant, operands[0].checked(inputCount)),
      (DNNL_ARG_WEIGHTS, chosen.handle, operands[1].checked(chosen.count)),
      (DNNL_ARG_DST, output.constant, operands[operands.count - 1].checked(outputCount)),
    ]
    if let bias {
      unsafe arguments.append(
        (DNNL_ARG_BIAS, bias.constant, operands[2].checked(shape.outputChannels)))
    }
    if shape.hasAddend {
      unsafe arguments.append(
        (
          dl_addend_argument, output.constant,
          operands[operands.count - 2].checked(outputCount)
        ))
    }
    return try unsafe bind(arguments, scratch)
  }

  private func backwardData(
    _ operands: [FloatView], _ scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    try unsafe bind(
      [
        (DNNL_ARG_DIFF_DST, output.constant, operands[0].checked(outputCount)),
        (DNNL_ARG_WEIGHTS, chosen.handle, operands[1].checked(chosen.count)),
        (DNNL_ARG_DIFF_SRC, input.constant, operands[2].checked(inputCount)),
      ], scratch)
  }

  private func backwardWeights(
    _ operands: [FloatView], _ scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    let result = operands[2].checked(shape.weightCount)
    let place = Convolution.aligned(primitive.scratchCount)
    var gradient = result
    if unpacking != nil {
      guard let scratch else { throw KernelError("a convolution lacks its scratch memory") }
      gradient = scratch[place..<place + chosen.count]
    }
    let kernel = try unsafe bind(
      [
        (DNNL_ARG_SRC, input.constant, operands[0].checked(inputCount)),
        (DNNL_ARG_DIFF_DST, output.constant, operands[1].checked(outputCount)),
        (DNNL_ARG_DIFF_WEIGHTS, chosen.handle, gradient),
      ], scratch)
    guard let unpacking else { return kernel }
    let turn = try unsafe PrimitiveKernel(
      unpacking,
      [
        (DNNL_ARG_FROM, chosen.handle, gradient),
        (DNNL_ARG_TO, plainWeights.constant, result),
      ])
    return KernelSequence([kernel, turn])
  }
}
