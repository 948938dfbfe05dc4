package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = x / (k + (alpha/n) · Σ x²)^beta
///
/// Across channels, x is [N, C, …], and Σ covers the n = `local_size` nearest channels at the same
/// position. Within a channel, x is [N, C, H, W], and Σ covers n × n positions. There alpha is
/// divided by n², and k is 1. Neighbours beyond the edge count as 0.
///
/// ∂x = ∂y·s^(−beta) − 2·beta·(alpha/n) · x · Σ ∂y·y/s, where s = k + (alpha/n) · Σ x². Forward
/// keeps s.
///
/// Reference: A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet classification with deep
/// convolutional neural networks", 2012.
package struct LRN: Layer {
  /// The neighbours that normalize a response; the names are Caffe's.
  package enum Region: String, FieldChoice {
    /// The nearest channels at the same position.
    case acrossChannels = "ACROSS_CHANNELS"
    /// A square of positions in the same channel.
    case withinChannel = "WITHIN_CHANNEL"
  }

  /// n, the number of neighbours along an axis, including the element itself. It is odd.
  var size = 5
  /// The weight of the sum of squares.
  var alpha = 1.0
  /// The exponent of the divisor.
  var beta = 0.75
  /// The summand that keeps the divisor positive. Within a channel it is 1.
  var k = 1.0
  /// The neighbours that normalize a response.
  var region = Region.acrossChannels

  package init() {}

  package static let reference = Reference(
    "LRN",
    formula: "y = x / (k + (alpha/n) · Σ x²)^beta",
    discussion: """
      Divides by the strength of the neighbours: `local_size` channels of [N, C, …], or a square of
      as many positions of [N, C, H, W]. Within a channel, alpha is divided by all positions of the
      square, including those beyond the edge, and k is 1, as in Caffe.
      """,
    example: "{name: norm1, type: LRN, local_size: 5, alpha: 0.0001, beta: 0.75}")

  package static let fields: [Field<LRN>] = [
    .optional(
      "local_size", \.size,
      Constraint("an odd integer from 1 to 999999999") {
        (1...999_999_999).contains($0) && !$0.isMultiple(of: 2)
      }, "The number of neighbours along an axis, including the element itself."),
    .optional("alpha", \.alpha, .within(0...1e6), "The weight of the sum of squares."),
    .optional("beta", \.beta, .within(0...100), "The exponent."),
    .optional(
      "k", \.k, .within(1e-6...1e6), "The term that is added to the sum; ACROSS_CHANNELS only."),
    .optional("norm_region", \.region, "The neighbours that count."),
  ]

  package var idleFields: [IdleField] {
    region == .withinChannel
      ? [IdleField("k", since: "norm_region \(region.rawValue) has a k of 1")] : []
  }

  package var passesEveryUnit: Bool { true }

  /// - Throws: ``ShapeFailure`` if the bottom lacks the axes of the region.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    switch region {
    case .acrossChannels where inputs[0].rank < 2: throw ShapeFailure("expected [N, C, …]")
    case .withinChannel where inputs[0].rank != 4: throw ShapeFailure("expected [N, C, H, W]")
    default: return inputs
    }
  }

  /// A multiply-add for each neighbour of each element, and five further operations.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    let axes = region == .acrossChannels ? [inputs[0][1]] : Array(inputs[0].axes[2...])
    let window = axes.reduce(1.0) { $0 * Double(min(size, $1)) }
    return (2 * window + 5) * Double(inputs[0].count)
  }

  /// The neighbourhood in a slice of `examples` examples.
  private func window(_ input: Shape, examples: Int) -> ResponseWindow {
    let isWithin = region == .withinChannel
    return ResponseWindow(
      isWithin ? .withinChannel : .acrossChannels, examples: examples, channels: input[1],
      height: isWithin ? input[2] : 1,
      width: isWithin ? input[3] : input.count(in: 2..<input.rank), size: size, alpha: alpha,
      beta: beta, k: isWithin ? 1 : k)
  }

  /// Records the output, and returns the slot of s.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot {
    let (x, y, shape, layer) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0], self)
    let scale = plan.batchSlot("scale", shape)
    plan.record("local response", reads: [x], writes: [y, scale]) { binding in
      localResponse(
        layer.window(shape, examples: binding.examples.count), binding.floats(x),
        to: binding.floats(y), scale: binding.floats(scale))
    }
    return scale
  }

  /// Records ∂x, with the ratios ∂y·y/s in a slot of their own.
  package func backward(_ pass: inout BackwardPass, _ scale: Slot, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let (x, y, shape, layer) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0], self)
    let ratio = plan.batchSlot("ratio", shape)
    plan.record(
      "local response gradient", reads: [x, y, scale, dy], writes: [dx, ratio]
    ) { binding in
      localResponseGradient(
        layer.window(shape, examples: binding.examples.count), binding.floats(x),
        y: binding.floats(y), scale: binding.floats(scale), dy: binding.floats(dy),
        ratio: binding.floats(ratio), to: binding.floats(dx))
    }
  }
}
