package import Kernels

extension PlanBuilder {
  /// Records a convolution, or its gradient with respect to the input.
  ///
  /// With filters much larger than the images of a slice, this is a joint step: one convolution of the
  /// whole batch, divided into tiles of the result's channels. Then the slices do not read the filters
  /// again and again. With smaller filters, each slice computes its examples.
  ///
  /// - Parameters:
  ///   - reads: the operands in the order that the shape documents, without the result.
  ///   - shape: returns the work for a number of examples.
  package mutating func convolution(
    _ name: String, reads: [Slot], to result: Slot,
    shape: @escaping @Sendable (_ examples: Int) -> ConvolutionShape
  ) {
    guard let tiles = tiles(shape) else {
      primitive(name, reads: reads, to: result, shape: shape)
      return
    }
    appendJoint(name, reads, result, tiles: tiles, shape)
  }

  /// ∂weights = the sum over all examples of the result of `shape` for x and ∂y.
  ///
  /// With filters much larger than the images of a slice, this is a joint step over the whole batch,
  /// divided into tiles of output channels. With smaller filters, each slice computes its part, and
  /// the parts are added in order.
  package mutating func convolutionGradient(
    _ x: Slot, _ dy: Slot, to result: Slot,
    shape: @escaping @Sendable (_ examples: Int) -> ConvolutionShape
  ) {
    let name = "convolution gradient"
    guard let tiles = tiles(shape) else {
      sumOverSlices(result) { builder, part in
        builder.primitive(name, reads: [x, dy], to: part, shape: shape)
      }
      return
    }
    appendJoint(name, [x, dy], result, tiles: tiles, shape)
  }

  private mutating func appendJoint(
    _ name: String, _ reads: [Slot], _ result: Slot, tiles: Int,
    _ shape: @escaping @Sendable (_ examples: Int) -> ConvolutionShape
  ) {
    // If the weights change from run to run, nothing else reads what a tile packs.
    let packsItself = !hasConstantParameters
    let request = PrimitiveRequest(operands: reads + [result]) { part in
      var shape = shape(part.examples.count)
      shape.packsItself = packsItself
      let channels = shape.resultChannels
      shape.part = channels * part.tile / part.tiles..<channels * (part.tile + 1) / part.tiles
      return shape
    }
    append(name, reads, [result], .joint(tiles: tiles), .primitive(request))
  }

  // MARK: Rules

  /// The channels of a tile. A tile of fewer channels transforms or reads the images as often, and
  /// uses them less.
  private static let tileChannels = 64

  /// The least size of filters for a joint step, as a multiple of the images of a slice. Below it, the
  /// images of a slice stay in the cache from layer to layer, which saves more.
  private static let leastFilters = 4

  /// Returns the number of tiles that share a convolution of the whole batch. Nil if each slice
  /// computes its own examples.
  private func tiles(_ shape: (_ examples: Int) -> ConvolutionShape) -> Int? {
    let slice = shape((batchSize + sliceCount - 1) / sliceCount)
    let images = slice.inputAxes.reduce(1, *) + slice.outputAxes.reduce(1, *)
    guard sliceCount > 1, slice.groups == 1, slice.weightCount >= PlanBuilder.leastFilters * images
    else { return nil }
    let channels = slice.resultChannels
    let tiles = max(
      channels / PlanBuilder.tileChannels, min(4, 2 * channels / PlanBuilder.tileChannels))
    return tiles > 1 ? tiles : nil
  }
}
