package import Fields
package import Kernels
package import Plans
package import Tensors
internal import YAML

/// y[p] = max or mean of x over the window at p, for each channel of each example
///
/// x is [N, C, spatial…] with 1, 2 or 3 spatial axes. With `round_mode: floor` an axis has
/// ⌊(in + 2·pad − kernel) / stride⌋ + 1 windows; with `ceil` one more where elements are left over, unless it would
/// start behind the image and its padding, where it could see nothing. Windows are cut off at the image's end.
///
/// The maximum ignores padding; its gradient goes to the first maximum of a window. The mean divides by the elements of
/// the window, cut off at the end of the padding, with `count_padding` (as Caffe does), or by those in the image.
///
/// A second top of the maximum tells where in the image it was: (q₀·in₁ + q₁)·in₂ + q₂ for the position q, as a number.
/// No gradient passes through it.
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
      and stride 1. global_pooling takes the whole image as one window. A second top, of pool: max, is the place of
      each maximum in its channel's image, counted row by row.
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

  package var passesEveryUnit: Bool { true }

  package var inconsistency: String? {
    if isGlobal {
      // Caffe lets a stride of 1 and a pad of 0 be written beside it.
      let isPlain =
        geometry.kernelSize == nil && (geometry.stride ?? [1]).allSatisfy { $0 == 1 }
        && geometry.pad.allSatisfy { $0 == 0 }
      return isPlain ? nil : "global_pooling leaves no choice of kernel_size, stride and pad"
    }
    guard let kernel = geometry.kernelSize else {
      return "expected kernel_size, or global_pooling: true"
    }
    // One number stands for all axes; lists of different lengths are refused with the input's shape.
    for axis in 0..<max(kernel.count, geometry.pad.count) {
      let pad = geometry.pad[axis < geometry.pad.count ? axis : 0]
      let extent = kernel[axis < kernel.count ? axis : 0]
      if pad >= extent { return "pad \(pad) is not less than kernel_size \(extent)" }
    }
    return nil
  }

  /// The geometry over a shape: of a window that is the whole image, its kernel.
  private func geometry(over input: Shape) -> WindowGeometry {
    var geometry = geometry
    if isGlobal, input.rank >= 3 {
      geometry.kernelSize = Array(input.axes[2...])
      geometry.stride = nil
    }
    return geometry
  }

  private var rounding: WindowGeometry.Rounding { roundMode == .ceil ? .up : .down }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let window = try geometry(over: inputs[0]).window(inputs[0], stride: nil, rounding)
    let elements = window.axes.map(\.kernel).reduce(1, *)
    guard elements <= PoolingForm.elementLimit else {
      throw ShapeFailure(
        "a window of \(elements) elements: expected at most \(PoolingForm.elementLimit)")
    }
    guard inputs[0].example.count <= ImageLayouts.exampleLimit else {
      throw ShapeFailure("expected at most \(ImageLayouts.exampleLimit) values an example")
    }
    return [Shape(Array(inputs[0].axes[..<2]) + window.output)]
  }

  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] {
    let outputs = try outputShapes(inputs)
    guard topCount > 1 else { return outputs }
    guard function == .max else {
      throw ShapeFailure("a second top tells the places of maxima: expected pool: max")
    }
    let positions = inputs[0].count(in: 2..<inputs[0].rank)
    guard positions <= PoolingForm.elementLimit else {
      throw ShapeFailure(
        "a second top: expected at most \(PoolingForm.elementLimit) positions, whose numbers a "
          + "float can tell apart, received \(positions)")
    }
    return outputs + outputs
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    // Several times faster than row-major where the channels lie together.
    if given[0] == .plain, inputs[0][1] > 1 {
      let layout: TensorLayout =
        inputs[0][1] % TensorLayout.blockWidth == 0 ? .blocked : .channelsLast
      return .keeping([layout], outputs: topCount)
    }
    return .keeping(given, outputs: topCount)
  }

  /// The windows of a pass over so many examples.
  private func form(_ pass: ForwardPass) -> @Sendable (Int) -> PoolingForm {
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    let window = geometry(over: shape).checkedWindow(shape, stride: nil, rounding)
    return { PoolingForm(window, shape, layout, examples: $0) }
  }

  /// Whether the mean is to be taken: also of windows of one element, whose maximum it is, without a place to keep.
  private func takesMean(_ pass: ForwardPass) -> Bool {
    function == .average || form(pass)(0).hasSingleElements && pass.outputs.count == 1
  }

  /// Returns the places of the maxima. Nil where the mean is taken.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot? {
    let (x, y, form) = (pass.inputs[0], pass.outputs[0], form(pass))
    guard !takesMean(pass) else {
      plan.record("average pooling", reads: [x], writes: [y]) { [countsPadding] binding in
        averagePooling(
          form(binding.examples.count), countsPadding: countsPadding, of: binding.floats(x),
          to: binding.floats(y))
      }
      return nil
    }
    let places = plan.batchSlot("places of maxima", pass.outputShapes[0])
    plan.record("max pooling", reads: [x], writes: [y, places]) { binding in
      maximumPooling(
        form(binding.examples.count), of: binding.floats(x), to: binding.floats(y),
        places: binding.floats(places))
    }
    guard pass.outputs.count > 1 else { return places }
    let mask = pass.outputs[1]
    plan.record("places in the image", reads: [places], writes: [mask]) { binding in
      imagePlaces(
        form(binding.examples.count), of: binding.floats(places), to: binding.floats(mask))
    }
    return places
  }

  package func backward(_ pass: inout BackwardPass, _ places: Slot?, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0] else { return }
    guard let dy = pass.outputGradients[0] else {
      // The objective sees the places alone.
      plan.zero(dx)
      return
    }
    let form = form(pass.forward)
    guard let places else {
      plan.record("average pooling gradient", reads: [dy], writes: [dx]) {
        [countsPadding] binding in
        averagePoolingGradient(
          form(binding.examples.count), countsPadding: countsPadding, of: binding.floats(dy),
          to: binding.floats(dx))
      }
      return
    }
    plan.record("max pooling gradient", reads: [dy, places], writes: [dx]) { binding in
      maximumPoolingGradient(
        form(binding.examples.count), of: binding.floats(dy), to: binding.floats(dx),
        places: binding.floats(places))
    }
  }
}
