package import Kernels
package import Plans
package import Tensors
package import YAML

/// y[n, c, p] = max or mean of x[n, c, q] over the window at p
///
/// x is [N, C, spatial…] with 1, 2 or 3 spatial axes. With `round_mode: floor` an axis has
/// ⌊(in + 2·pad − kernel) / stride⌋ + 1 windows; with `ceil` one more where elements are left over, unless it would
/// start behind the image and its padding, where it could see nothing. Windows are cut off at the image's end.
///
/// The maximum ignores padding; its gradient goes to the first maximum of a window. The mean divides by the elements of
/// the window, cut off at the end of the padding, with `count_padding` (as Caffe does), or by those in the image.
///
/// Reference: Y. LeCun et al., 1998; J. Weng, N. Ahuja, T. S. Huang, "Cresceptron", 1992 (maximum).
package struct Pooling: Layer {
  package enum Function: String, FieldChoice {
    case max
    case average
  }

  package enum RoundMode: String, FieldChoice {
    case floor
    case ceil
  }

  var function = Function.max
  var geometry = WindowGeometry()
  var roundMode = RoundMode.floor
  var countsPadding = true
  var isGlobal = false

  package init() {}

  package static let reference = Reference(
    "Pooling",
    formula: "y[p] = max or mean of x over the window at p",
    discussion: """
      Reads [N, C, …] with 1, 2 or 3 spatial axes. An axis has ⌊(in + 2·pad − kernel_size) / stride⌋ + 1 windows
      with round_mode floor, and with ceil one more where elements are left over, unless it would start behind the
      image and its padding. The maximum ignores padding; a tie goes to the first. The mean counts padding up to the
      given pad, or with count_padding: false only elements of the image. Caffe's defaults differ: round_mode ceil
      and stride 1. global_pooling takes the whole image as one window.
      """,
    example: "{name: pool1, type: Pooling, pool: max, kernel_size: 2, stride: 2}")

  package static let fields: [Field<Pooling>] = [
    .optional("pool", \.function, "What is taken of a window."),
    .optional(
      "kernel_size", \.geometry.kernelSize, WindowGeometry.strideConstraint,
      "Elements of the window, for all spatial axes or for each. Default: the whole image, with "
        + "global_pooling; needed otherwise."),
    .optional(
      "stride", \.geometry.stride, WindowGeometry.strideConstraint,
      "Elements from one window to the next. Default: kernel_size."),
    .optional(
      "pad", \.geometry.pad, WindowGeometry.padConstraint,
      "Elements that are thought of before and after each axis; less than kernel_size."),
    .optional(
      "round_mode", \.roundMode, "Whether elements that are left over make one more window."),
    .optional(
      "count_padding", \.countsPadding, "Whether the mean counts the zeros of the padding."),
    .optional("global_pooling", \.isGlobal, "Whether the whole image is one window."),
  ]

  package var inconsistency: String? {
    let kernel = geometry.kernelSize
    if isGlobal {
      let isPlain = kernel == nil && geometry.stride == nil && geometry.pad.allSatisfy { $0 == 0 }
      return isPlain ? nil : "global_pooling leaves no choice of kernel_size, stride and pad"
    }
    guard let narrowest = kernel?.min() else {
      return "expected kernel_size, or global_pooling: true"
    }
    let widest = geometry.pad.max() ?? 0
    guard widest >= narrowest else { return nil }
    return "pad \(widest) is not less than kernel_size \(narrowest)"
  }

  /// The geometry over a shape: of a window that is the whole image, its kernel.
  private func geometry(over input: Shape) -> WindowGeometry {
    var geometry = geometry
    if isGlobal, input.rank >= 3 { geometry.kernelSize = Array(input.axes[2...]) }
    return geometry
  }

  private var rounding: WindowGeometry.Rounding { roundMode == .ceil ? .up : .down }

  /// The window of a shape that was checked.
  private func checkedWindow(_ input: Shape) -> Window {
    geometry(over: input).checkedWindow(input, stride: nil, rounding)
  }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let window = try geometry(over: inputs[0]).window(inputs[0], stride: nil, rounding)
    guard inputs[0].example.count <= ImageLayouts.exampleLimit else {
      throw ShapeFailure("expected at most \(ImageLayouts.exampleLimit) values an example")
    }
    return [Shape(Array(inputs[0].axes[..<2]) + window.output)]
  }

  /// Whether a window's mean counts some of the padding and is cut off behind it: oneDNN has no such mean.
  private func isCutOff(_ window: Window) -> Bool {
    function == .average && countsPadding
      && window.axes.contains { axis in
        axis.padding > 0
          && (axis.output - 1) * axis.stride + axis.kernel > axis.input + 2 * axis.padding
      }
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    if isCutOff(checkedWindow(inputs[0])) { return .plain(inputs: 1, outputs: 1) }
    // Several times faster than row-major where the channels lie together.
    if given[0] == .plain, inputs[0][1] > 1 {
      let layout: TensorLayout =
        inputs[0][1] % TensorLayout.blockWidth == 0 ? .blocked : .channelsLast
      return .keeping([layout])
    }
    return .keeping(given)
  }

  private func shape(
    _ pass: LayerPass, isBackward: Bool
  ) -> @Sendable (Int) -> PoolingShape {
    let window = checkedWindow(pass.inputShapes[0])
    let isPadded = window.axes.contains { $0.padding > 0 }
    let function: PoolingShape.Function =
      switch self.function {
      case .max: .maximum
      case .average: countsPadding && isPadded ? .averageWithPadding : .averageWithoutPadding
      }
    let shape = PoolingShape(
      function, isBackward: isBackward, examples: 1, channels: pass.inputShapes[0][1],
      window: window, layout: pass.inputLayouts[0])
    return { examples in
      var shape = shape
      shape.examples = examples
      return shape
    }
  }

  package func forward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    let (x, y) = (pass.inputs[0], pass.outputs[0])
    let (window, shape) = (checkedWindow(pass.inputShapes[0]), pass.inputShapes[0])
    if isCutOff(window) {
      plan.record("average pooling", reads: [x], writes: [y]) { binding in
        WindowMean(
          of: binding.floats(x), to: binding.floats(y), window,
          images: binding.examples.count * shape[1], isBackward: false)
      }
      return
    }
    var operands = [x, y]
    if function == .max {
      let places = plan.batchSlot(
        "places of maxima",
        Shape([shape[0], PoolingShape.placeCount(window: window, channels: shape[1])]))
      pass.saved["places"] = places
      operands.append(places)
    }
    plan.primitive(
      "\(function.rawValue) pooling", reads: [x], writes: Array(operands.dropFirst()),
      operands: operands, shape: self.shape(pass, isBackward: false))
  }

  package func backward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let (window, channels) = (checkedWindow(pass.inputShapes[0]), pass.inputShapes[0][1])
    if isCutOff(window) {
      plan.record("average pooling gradient", reads: [dy], writes: [dx]) { binding in
        WindowMean(
          of: binding.floats(dx), to: binding.floats(dy), window,
          images: binding.examples.count * channels, isBackward: true)
      }
      return
    }
    let places = pass.saved["places"].map { [$0] } ?? []
    plan.primitive(
      "\(function.rawValue) pooling gradient", reads: [dy] + places, writes: [dx],
      operands: [dy, dx] + places, shape: shape(pass, isBackward: true))
  }
}
