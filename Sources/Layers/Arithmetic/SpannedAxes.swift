internal import Fields
internal import Kernels
internal import Plans
internal import Tensors
internal import YAML

/// The axes that the numbers of ``Scale`` and ``Bias`` span: `num_axes` of the first bottom's from `axis` on, or those
/// of the second bottom, which holds the numbers.
struct SpannedAxes {
  let axis: Int
  /// −1: to the last one.
  let count: Int

  /// Of a layer that learns its numbers.
  var idleFields: [IdleField] {
    count == 0 ? [IdleField("axis", since: "num_axes 0 spans no axis")] : []
  }

  func idleFields(bottomCount: Int) -> [IdleField] {
    guard bottomCount > 1 else { return [] }
    return [
      IdleField("num_axes", since: "the second bottom has the axes that are spanned"),
      IdleField("filler", since: "the second bottom takes the place of what is learned"),
    ]
  }

  /// - Throws: ``ShapeFailure`` if there are no such axes, or the numbers would belong to examples of the batch that
  ///   the layer has not seen.
  func range(_ inputs: [Shape]) throws(ShapeFailure) -> Range<Int> {
    inputs.count > 1 ? try ofSecondBottom(inputs) : try ofLearned(inputs[0])
  }

  private func ofLearned(_ shape: Shape) throws(ShapeFailure) -> Range<Int> {
    // One number for all elements: no axis is spanned, whatever `axis` is.
    if count == 0 { return 1..<1 }
    let axis = shape.axis(axis)
    if axis == 0 {
      throw ShapeFailure(
        "axis 0 counts the examples of the batch, which share what is learned; expected an axis of "
          + "an example")
    }
    guard let axis else {
      throw ShapeFailure(
        "axis \(self.axis) is none of the axes 1 to \(shape.rank - 1) of an example")
    }
    let end = count < 0 ? shape.rank : axis.addingReportingOverflow(count).partialValue
    guard end > axis, end <= shape.rank else {
      throw ShapeFailure(
        "num_axes \(count) from axis \(axis) on goes beyond the last axis \(shape.rank - 1)")
    }
    guard shape.count(in: axis..<end) > 0 else {
      throw ShapeFailure("the axes \(axis) to \(end - 1) are empty")
    }
    return axis..<end
  }

  private func ofSecondBottom(_ inputs: [Shape]) throws(ShapeFailure) -> Range<Int> {
    guard inputs[0].axis(axis) == 0 else {
      throw ShapeFailure(
        "with two bottoms expected axis 0, since the first axis of both counts the examples; "
          + "received axis \(axis)")
    }
    let (shape, rank) = (inputs[0], inputs[1].rank)
    guard rank <= shape.rank, Array(shape.axes.prefix(rank)) == inputs[1].axes else {
      throw ShapeFailure(
        "the second bottom is \(inputs[1].description), and not the first axes of "
          + "\(shape.description)")
    }
    return 0..<rank
  }

  /// Where the elements of a slice stand to the numbers. The axes were checked with the shapes.
  func extent(_ inputs: [Shape], _ layout: TensorLayout, examples: Int) -> ChannelExtent {
    guard let range = try? range(inputs) else {
      preconditionFailure("axes that were not checked")
    }
    let (shape, isOfExample) = (inputs[0], inputs.count > 1)
    if isOfChannels(range, of: inputs) {
      return ChannelExtent(layout.runs(shape, examples: examples), isOfExample: isOfExample)
    }
    let lower = max(range.lowerBound, 1)
    return ChannelExtent(
      outer: examples * shape.count(in: 1..<lower),
      middle: shape.count(in: lower..<max(range.upperBound, lower)),
      inner: shape.count(in: max(range.upperBound, lower)..<shape.rank),
      isOfExample: isOfExample)
  }

  /// True where each number belongs to a channel: then any layout will do.
  private func isOfChannels(_ range: Range<Int>, of inputs: [Shape]) -> Bool {
    range == (inputs.count > 1 ? 0..<2 : 1..<2)
  }

  /// The first bottom and the top as the bottom lies, where each number belongs to a channel; else plain.
  func layouts(_ inputs: [Shape], given: [TensorLayout]) -> LayerLayouts {
    guard let range = try? range(inputs), isOfChannels(range, of: inputs) else {
      return .plain(inputs: inputs.count, outputs: 1)
    }
    return LayerLayouts(
      inputs: given.prefix(1) + given.dropFirst().map { _ in .plain }, outputs: [given[0]])
  }

  /// The shape of the learned numbers; of one number for all [1].
  func parameterShape(_ shape: Shape) -> Shape {
    guard let range = try? ofLearned(shape), !range.isEmpty else { return Shape([1]) }
    return Shape(Array(shape.axes[range]))
  }
}

extension PlanBuilder {
  /// Records the gradient of channel-wise numbers: a sum over the batch where they are learned, each example's own
  /// where they are a bottom.
  mutating func channelGradient(
    _ term: ChannelGradientTerm, dy: Slot, x: Slot, to result: Slot, isOfExample: Bool,
    _ extent: @escaping @Sendable (_ examples: Int) -> ChannelExtent
  ) {
    let reads = dy == x ? [dy] : [x, dy]
    let record: (inout PlanBuilder, Slot) -> Void = { builder, result in
      builder.record("channel gradient", reads: reads, writes: [result]) { binding in
        Kernels.channelGradient(
          term, dy: binding.floats(dy), x: binding.floats(x), to: binding.floats(result),
          extent(binding.examples.count))
      }
    }
    if isOfExample { record(&self, result) } else { sumOverSlices(result, record) }
  }
}
