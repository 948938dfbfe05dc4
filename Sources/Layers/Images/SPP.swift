package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = [pool 1×1, pool 2×2, pool 4×4, …]
///
/// y = the pools of 1 × 1, 2 × 2, 4 × 4, … bins of an image, side by side
///
/// [N, C, H, W] becomes [N, C·(4^pyramid_height − 1)/3], whatever H and W are: level by level, in it channel by channel. A
/// level of b bins has windows of ⌈H/b⌉ × ⌈W/b⌉, and half of what they exceed the image as padding, which the average
/// counts.
///
/// Reference: K. He, X. Zhang, S. Ren, J. Sun, "Spatial pyramid pooling in deep convolutional networks for visual
/// recognition", 2014.
package struct SPP: Layer {
  /// What is taken of a bin; the names are Caffe's.
  package enum Function: String, FieldChoice {
    case maximum = "MAX"
    case average = "AVE"
  }

  var height = 1
  var function = Function.maximum

  package init() {}

  package static let reference = Reference(
    "SPP",
    formula: "y = [pool 1×1, pool 2×2, pool 4×4, …]",
    discussion: """
      Pools [N, C, H, W] into pyramid_height levels of 1, 4, 16, … bins a channel and puts them side by side, level by level:
      [N, C·(4^pyramid_height − 1)/3]. Caffe leaves a pyramid of one level as [N, C, 1, 1].
      """,
    example: "{name: pyramid, type: SPP, pyramid_height: 3}")

  package static let fields: [Field<SPP>] = [
    .required("pyramid_height", \.height, .within(1...12), "Levels of the pyramid."),
    .optional("pool", \.function, "What is taken of a bin: the greatest element, or the mean."),
  ]

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

  private func levels(_ input: Shape) throws(ShapeFailure) -> [PyramidLevel] {
    var levels: [PyramidLevel] = []
    for number in 0..<height {
      let bins = 1 << number
      guard let level = PyramidLevel(bins: bins, height: input[2], width: input[3]) else {
        throw ShapeFailure(
          "pyramid_height \(height): images of \(input[2])x\(input[3]) do not fall into "
            + "\(bins)x\(bins) bins")
      }
      levels.append(level)
    }
    return levels
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    Double(height) * Double(inputs[0].count)
  }

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
