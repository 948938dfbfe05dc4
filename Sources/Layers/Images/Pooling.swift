package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y[p] = max or mean of x over the window at p, for each channel of each example
///
/// x is [N, C, spatial…] with 1, 2 or 3 spatial axes. With `round_mode: floor` an axis has ⌊(in +
/// 2·pad − kernel) / stride⌋ + 1 windows. With `ceil` it has one more if elements remain, unless
/// this window would start beyond the image and its padding. A window that crosses the end of the
/// image is cut off there.
///
/// The maximum ignores padding. Its gradient goes to the first maximum of a window. With
/// `count_padding` the mean divides by the number of the window's elements in the image and its
/// padding, as in Caffe. Otherwise it divides by the number in the image.
///
/// A second top of `pool: max` holds the place of each maximum in the image, as a number: (q₀·in₁ +
/// q₁)·in₂ + q₂ for the position q. No gradient passes through this top.
///
/// Reference: Y. LeCun et al., 1998. The maximum: J. Weng, N. Ahuja, T. S. Huang, "Cresceptron",
/// 1992.
package struct Pooling: Layer {
  /// The function of a window's elements.
  package enum Function: String, FieldChoice {
    /// The greatest element.
    case max
    /// The mean.
    case average
  }

  /// The treatment of elements that do not fill a window.
  package enum RoundMode: String, FieldChoice {
    /// The layer ignores these elements.
    case floor
    /// These elements make one more window.
    case ceil
  }

  /// The function of a window's elements.
  var function = Function.max
  /// The window along each spatial axis.
  var geometry = WindowGeometry()
  /// The treatment of elements that do not fill a window.
  var roundMode = RoundMode.floor
  /// True if the mean counts the zeros of the padding.
  var countsPadding = true
  /// True if the whole image is one window.
  var isGlobal = false

  package init() {}

  package static let reference = Reference(
    "Pooling",
    formula: "y[p] = max or mean of x over the window at p",
    discussion: """
      Reads [N, C, …] with 1, 2 or 3 spatial axes. An axis has ⌊(in + 2·pad − kernel_size) / stride⌋
      + 1 windows with round_mode floor. With ceil it has one more if elements remain, unless this
      window would start beyond the image and its padding. The maximum ignores padding; in a tie the
      first element counts. The mean counts the padding. With count_padding: false it counts only
      the elements of the image. Caffe's defaults differ: round_mode ceil and stride 1.
      global_pooling uses the whole image as one window. A second top, with pool: max, is the place
      of each maximum in its channel's image, counted row by row.
      """,
    example: "{name: pool1, type: Pooling, pool: max, kernel_size: 2, stride: 2}")

  package static let fields: [Field<Pooling>] = [
    .optional("pool", \.function, "The function of a window's elements."),
    .optional(
      "kernel_size", \.geometry.kernelSize, WindowGeometry.strideConstraint,
      "The extent of the window, for all spatial axes or for each. Default: the whole image with "
        + "global_pooling; required otherwise."),
    .optional(
      "stride", \.geometry.stride, WindowGeometry.strideConstraint,
      "The distance between windows. Default: kernel_size."),
    .optional(
      "pad", \.geometry.pad, WindowGeometry.padConstraint,
      "Padding added at both ends of each axis; less than kernel_size."),
    .optional(
      "round_mode", \.roundMode,
      "The treatment of elements that do not fill a window: ceil adds a window for them."),
    .optional(
      "count_padding", \.countsPadding, "Whether the mean counts the zeros of the padding."),
    .optional("global_pooling", \.isGlobal, "Whether to use the whole image as one window."),
  ]

  package var passesEveryUnit: Bool { true }

  package var inconsistency: String? {
    if isGlobal {
      // Caffe accepts a stride of 1 and a pad of 0 beside global_pooling.
      let isPlain =
        geometry.kernelSize == nil && (geometry.stride ?? [1]).allSatisfy { $0 == 1 }
        && geometry.pad.allSatisfy { $0 == 0 }
      return isPlain ? nil : "global_pooling excludes kernel_size, stride and pad"
    }
    guard let kernel = geometry.kernelSize else {
      return "expected kernel_size, or global_pooling: true"
    }
    // One number stands for all axes. `outputShapes` refuses lists of different lengths.
    for axis in 0..<max(kernel.count, geometry.pad.count) {
      let pad = geometry.pad[axis < geometry.pad.count ? axis : 0]
      let extent = kernel[axis < kernel.count ? axis : 0]
      if pad >= extent { return "pad \(pad) is not less than kernel_size \(extent)" }
    }
    return nil
  }

  /// Returns the geometry over a shape. A global window has the extents of the image.
  private func geometry(over input: Shape) -> WindowGeometry {
    var geometry = geometry
    if isGlobal, input.rank >= 3 {
      geometry.kernelSize = Array(input.axes[2...])
      geometry.stride = nil
    }
    return geometry
  }

  /// The rounding of the number of windows.
  private var rounding: WindowGeometry.Rounding { roundMode == .ceil ? .up : .down }

  /// - Throws: ``ShapeFailure`` if the window does not fit the image, or if it or the image is too
  ///   large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let window = try geometry(over: inputs[0]).window(inputs[0], stride: nil, rounding)
    let elements = window.axes.map(\.kernel).reduce(1, *)
    guard elements <= PoolingForm.elementLimit else {
      throw ShapeFailure(
        "a window of \(elements) elements: expected at most \(PoolingForm.elementLimit)")
    }
    guard inputs[0].example.count <= ImageShapes.exampleLimit else {
      throw ShapeFailure("expected at most \(ImageShapes.exampleLimit) values an example")
    }
    return [Shape(Array(inputs[0].axes[..<2]) + window.output)]
  }

  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] {
    let outputs = try outputShapes(inputs)
    guard topCount > 1 else { return outputs }
    guard function == .max else {
      throw ShapeFailure("a second top holds the places of maxima: expected pool: max")
    }
    let positions = inputs[0].count(in: 2..<inputs[0].rank)
    guard positions <= PoolingForm.elementLimit else {
      throw ShapeFailure(
        "a second top: expected at most \(PoolingForm.elementLimit) positions, which float32 can "
          + "represent exactly, received \(positions)")
    }
    return outputs + outputs
  }

  /// The layout of the bottom. A row-major bottom with several channels is reordered.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    // With adjacent channels the kernel is several times faster than with row-major images.
    .keeping(
      given[0] == .plain && inputs[0][1] > 1 ? [.channelsLast] : given, outputs: topCount)
  }

  /// Returns the windows of a slice with the given number of examples.
  private func form(_ pass: ForwardPass) -> @Sendable (Int) -> PoolingForm {
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    let window = geometry(over: shape).checkedWindow(shape, stride: nil, rounding)
    return { PoolingForm(window, shape, layout, examples: $0) }
  }

  /// True if the layer computes the mean.
  ///
  /// For windows of one element, the mean equals the maximum, and its kernel stores no places. The
  /// layer then computes the mean, unless a second top needs the places.
  private func takesMean(_ pass: ForwardPass) -> Bool {
    function == .average || form(pass)(0).hasSingleElements && pass.outputs.count == 1
  }

  /// Records the output, and returns the places of the maxima. Nil when the layer computes the
  /// mean.
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

  /// Records ∂x from the places of the maxima, or as equal shares of ∂y for the mean.
  package func backward(_ pass: inout BackwardPass, _ places: Slot?, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0] else { return }
    guard let dy = pass.outputGradients[0] else {
      // The objective depends on the places only.
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
