internal import Kernels
internal import Plans

extension PlanBuilder {
  /// Records result[c] = Σ x over all examples and positions of channel c: the gradient of a bias.
  mutating func channelSum(_ x: Slot, to result: Slot) {
    let (shape, layout) = (shape(of: x), layout(of: x))
    sumOverSlices(result) { builder, part in
      builder.record("channel sum", reads: [x], writes: [part]) { binding in
        Kernels.channelSum(
          of: binding.floats(x), to: binding.floats(part),
          layout.runs(shape, examples: binding.examples.count))
      }
    }
  }

  /// Records x[n, c, p] += bias[c], in place.
  mutating func addChannels(_ bias: Slot, to x: Slot) {
    let (shape, layout) = (shape(of: x), layout(of: x))
    record("bias", reads: [x, bias], writes: [x]) { binding in
      channelAffine(
        binding.floats(x), scale: nil, bias: binding.floats(bias), to: binding.floats(x),
        ChannelExtent(layout.runs(shape, examples: binding.examples.count)))
    }
  }
}
