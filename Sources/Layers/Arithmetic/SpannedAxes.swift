internal import Fields
internal import Kernels
internal import LayerKernels
internal import Plans
internal import Tensors

/// The axes that the numbers of ``Scale`` and ``Bias`` span.
///
/// With one bottom these are `num_axes` axes of the bottom from `axis` on. With two bottoms these
/// are the axes of the second bottom, which holds the numbers.
struct SpannedAxes {
  /// The first axis; a negative number counts from the end.
  let axis: Int
  /// The number of axes. −1 stands for all axes from `axis` on.
  let count: Int

  /// The fields without effect in a layer that learns its numbers.
  var idleFields: [IdleField] {
    count == 0 ? [IdleField("axis", since: "num_axes 0 spans no axis")] : []
  }

  /// The fields without effect beside a second bottom.
  func idleFields(bottomCount: Int) -> [IdleField] {
    guard bottomCount > 1 else { return [] }
    return [
      IdleField("num_axes", since: "the second bottom determines the spanned axes"),
      IdleField("filler", since: "the second bottom replaces the learned numbers"),
    ]
  }

  /// Returns the spanned axes of the first bottom.
  ///
  /// - Throws: ``ShapeFailure`` if the axes do not exist, or if a learned number would belong to a
  ///   single example of the batch.
  func range(_ inputs: [Shape]) throws(ShapeFailure) -> Range<Int> {
    inputs.count > 1 ? try ofSecondBottom(inputs) : try ofLearned(inputs[0])
  }

  /// Returns the axes that learned numbers span. The range is empty for a single number.
  private func ofLearned(_ shape: Shape) throws(ShapeFailure) -> Range<Int> {
    // A single number spans no axis and ignores `axis`.
    if count == 0 { return 1..<1 }
    let axis = shape.axis(axis)
    if axis == 0 {
      throw ShapeFailure(
        "axis 0 counts the examples of the batch, which share all parameters; expected an axis of "
          + "an example")
    }
    guard let axis else {
      throw ShapeFailure(
        "axis \(self.axis) is not one of the axes 1 to \(shape.rank - 1) of an example")
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

  /// Returns the axes of the second bottom, which are the first axes of the first bottom.
  private func ofSecondBottom(_ inputs: [Shape]) throws(ShapeFailure) -> Range<Int> {
    guard inputs[0].axis(axis) == 0 else {
      throw ShapeFailure(
        "with two bottoms expected axis 0, since the first axis of both counts the examples; "
          + "received axis \(axis)")
    }
    let (shape, rank) = (inputs[0], inputs[1].rank)
    guard rank <= shape.rank, Array(shape.axes.prefix(rank)) == inputs[1].axes else {
      throw ShapeFailure(
        "the second bottom is \(inputs[1].description): expected the first axes of "
          + "\(shape.description)")
    }
    return 0..<rank
  }

  /// Returns the position of each number in a slice. The caller has checked the axes with the
  /// shapes.
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

  /// True if each number belongs to a channel. The layer then supports any layout.
  private func isOfChannels(_ range: Range<Int>, of inputs: [Shape]) -> Bool {
    range == (inputs.count > 1 ? 0..<2 : 1..<2)
  }

  /// Returns the layouts of the bottoms and the top. The first bottom and the top keep the given
  /// layout if each number belongs to a channel. Otherwise all are row-major.
  func layouts(_ inputs: [Shape], given: [TensorLayout]) -> LayerLayouts {
    guard let range = try? range(inputs), isOfChannels(range, of: inputs) else {
      return .plain(inputs: inputs.count, outputs: 1)
    }
    return LayerLayouts(
      inputs: given.prefix(1) + given.dropFirst().map { _ in .plain }, outputs: [given[0]])
  }

  /// The shape of the learned numbers, which is [1] for a single number.
  func parameterShape(_ shape: Shape) -> Shape {
    guard let range = try? ofLearned(shape), !range.isEmpty else { return Shape([1]) }
    return Shape(Array(shape.axes[range]))
  }
}

extension PlanBuilder {
  /// Records the gradient of channel-wise numbers.
  ///
  /// For learned numbers the gradient is a sum over the batch. For a second bottom each example has
  /// its own gradient.
  mutating func channelGradient(
    _ term: ChannelGradientTerm, dy: Slot, x: Slot, to result: Slot, isOfExample: Bool,
    _ extent: @escaping @Sendable (_ examples: Int) -> ChannelExtent
  ) {
    let reads = dy == x ? [dy] : [x, dy]
    let record: (inout PlanBuilder, Slot) -> Void = { builder, result in
      builder.record("channel gradient", reads: reads, writes: [result]) { binding in
        LayerKernels.channelGradient(
          term, dy: binding.floats(dy), x: binding.floats(x), to: binding.floats(result),
          extent(binding.examples.count))
      }
    }
    if isOfExample { record(&self, result) } else { sumOverSlices(result, record) }
  }
}
