package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = [pool 1×1, pool 2×2, pool 4×4, …]
///
/// x is [N, C, H, W], and y is [N, C·(4^pyramid_height − 1)/3] for any H and W. y holds the levels
/// one after the other, and each level holds its channels one after the other.
///
/// A level has b × b bins. Each bin is a window of ⌈H/b⌉ × ⌈W/b⌉ elements. The windows together can
/// exceed the image. Half of the excess is padding before the image. The average counts the
/// padding.
///
/// Reference: K. He, X. Zhang, S. Ren, J. Sun, "Spatial pyramid pooling in deep convolutional
/// networks for visual recognition", 2014.
package struct SPP: Layer {
  /// The function of a bin's elements; the names are Caffe's.
  package enum Function: String, FieldChoice {
    /// The greatest element.
    case maximum = "MAX"
    /// The mean.
    case average = "AVE"
  }

  /// The number of levels.
  var height = 1
  /// The function of a bin's elements.
  var function = Function.maximum

  package init() {}

  package static let reference = Reference(
    "SPP",
    formula: "y = [pool 1×1, pool 2×2, pool 4×4, …]",
    discussion: """
      Pools [N, C, H, W] into pyramid_height levels of 1, 4, 16, … bins for each channel, and puts
      them side by side, level by level: [N, C·(4^pyramid_height − 1)/3]. For a pyramid of one
      level, Caffe gives [N, C, 1, 1].
      """,
    example: "{name: pyramid, type: SPP, pyramid_height: 3}")

  package static let fields: [Field<SPP>] = [
    .required("pyramid_height", \.height, .within(1...12), "The number of levels."),
    .optional(
      "pool", \.function, "The function of a bin's elements: the greatest element, or the mean."),
  ]

  /// - Throws: ``ShapeFailure`` if the image is too small for the bins, or if the output is too
  ///   large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    guard input.rank == 4 else { throw ShapeFailure("expected [N, C, H, W]") }
    _ = try levels(input)
    let bins = (0..<height).reduce(0) { $0 + 1 << (2 * $1) }
    let (width, overflows) = input[1].multipliedReportingOverflow(by: bins)
    guard !overflows, let output = Shape(checking: [input[0], width]) else {
      throw ShapeFailure("the bins are too many to count")
    }
    return [output]
  }

  /// Returns the levels of the pyramid over an image.
  private func levels(_ input: Shape) throws(ShapeFailure) -> [PyramidLevel] {
    var levels: [PyramidLevel] = []
    for number in 0..<height {
      let bins = 1 << number
      guard let level = PyramidLevel(bins: bins, height: input[2], width: input[3]) else {
        throw ShapeFailure(
          "pyramid_height \(height): images of \(input[2])x\(input[3]) cannot be divided into "
            + "\(bins)x\(bins) bins")
      }
      levels.append(level)
    }
    return levels
  }

  /// One operation for each level and input element.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    Double(height) * Double(inputs[0].count)
  }

  /// The corresponding function of the kernels.
  private var kernelFunction: PyramidFunction {
    function == .maximum ? .maximum : .average
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    guard let levels = try? levels(pass.inputShapes[0]) else { return }
    let (x, y, channels) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0][1])
    let function = kernelFunction
    plan.record("pyramid", reads: [x], writes: [y]) { binding in
      pyramidPooling(
        function, levels, examples: binding.examples.count, channels: channels,
        binding.floats(x), to: binding.floats(y))
    }
  }

  /// Records ∂x. For the maximum, the kernel searches for the places again.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0],
      let levels = try? levels(pass.inputShapes[0])
    else { return }
    let (x, channels, function) = (pass.inputs[0], pass.inputShapes[0][1], kernelFunction)
    plan.record("pyramid gradient", reads: [x, dy], writes: [dx]) { binding in
      pyramidPoolingGradient(
        function, levels, examples: binding.examples.count, channels: channels,
        binding.floats(x), dy: binding.floats(dy), to: binding.floats(dx))
    }
  }
}
