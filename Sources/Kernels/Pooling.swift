internal import COneDNN

/// Pooling, or its gradient, on a number of examples.
///
/// Operands, all in the layout of the shape: x, y, and for the maximum the places of the maxima; backward ∂y, ∂x, and
/// the places.
package struct PoolingShape: PrimitiveShape {
  package enum Function: Sendable, Hashable {
    case maximum
    /// The mean of the window's elements that are in the image.
    case averageWithoutPadding
    /// The sum of the window's elements, divided by all elements of the window.
    case averageWithPadding
  }

  package var function: Function
  package var isBackward: Bool
  package var examples: Int
  package var channels: Int
  package var window: Window
  package var layout: TensorLayout

  package init(
    _ function: Function, isBackward: Bool, examples: Int, channels: Int, window: Window,
    layout: TensorLayout
  ) {
    self.function = function
    self.isBackward = isBackward
    self.examples = examples
    self.channels = channels
    self.window = window
    self.layout = layout
  }

  package var inputAxes: [Int] { [examples, channels] + window.input }
  package var outputAxes: [Int] { [examples, channels] + window.output }

  /// Elements that the places of an example's maxima take: bytes, while a window has at most 255 elements.
  package static func placeCount(window: Window, channels: Int) -> Int {
    let maxima = window.output.reduce(channels, *)
    return window.axes.map(\.kernel).reduce(1, *) <= 255 ? (maxima + 3) / 4 : maxima
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    try Pooling(self)
  }
}

/// Pooling through oneDNN.
private final class Pooling: PrimitiveImplementation {
  private let shape: PoolingShape
  private let primitive: Primitive
  private let input: Layout
  private let output: Layout

  init(_ shape: PoolingShape) throws(KernelError) {
    self.shape = shape
    let engine = unsafe try OneDNN.shared().engine
    let input = try Layout(shape.inputAxes, shape.layout)
    let output = try Layout(shape.outputAxes, shape.layout)
    let kind =
      switch shape.function {
      case .maximum: dl_max
      case .averageWithoutPadding: dl_average_without_padding
      case .averageWithPadding: dl_average_with_padding
      }
    primitive = try unsafe Primitive("prepare pooling of \(shape.inputAxes)") { descriptor in
      unsafe shape.window.withWindow { window in
        unsafe dl_pooling_create(
          &descriptor, engine, shape.isBackward ? 1 : 0, kind, input.constant, output.constant,
          window)
      }
    }
    self.input = input
    self.output = output
  }

  var name: String { primitive.implementation }
  var scratchCount: Int { primitive.scratchCount }
  var packing: (any WeightPacking)? { nil }

  func kernel(_ operands: [FloatView], scratch: FloatView?) throws(KernelError) -> any Kernel {
    let inputView = operands[shape.isBackward ? 1 : 0].checked(shape.inputAxes.reduce(1, *))
    let outputView = operands[shape.isBackward ? 0 : 1].checked(shape.outputAxes.reduce(1, *))
    var arguments = unsafe [
      (shape.isBackward ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, input.constant, inputView),
      (shape.isBackward ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST, output.constant, outputView),
    ]
    if let layout = unsafe dl_workspace_layout(primitive.descriptor),
      case let count = elementCount(unsafe dl_layout_bytes(layout)), count > 0
    {
      unsafe arguments.append((DNNL_ARG_WORKSPACE, layout, operands[2].checked(count)))
    }
    if let scratch, let layout = unsafe dl_scratchpad_layout(primitive.descriptor) {
      unsafe arguments.append((DNNL_ARG_SCRATCHPAD, layout, scratch.checked(scratchCount)))
    }
    return try unsafe PrimitiveKernel(primitive, arguments)
  }
}
