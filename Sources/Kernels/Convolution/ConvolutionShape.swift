/// A convolution of a number of examples, or one of its gradients.
///
/// Weights are row-major [out, in/groups, kernel…]. The other operands have their channels last. The
/// direction selects the operands:
/// - forward: x, weights, (bias), (addend), (mask), y
/// - backward to the input: ∂y, weights, (addend), (mask), ∂x
/// - backward to the weights: x, ∂y, ∂weights
package struct ConvolutionShape: PrimitiveShape {
  package enum Direction: Sendable, Hashable {
    case forward
    case backwardData
    case backwardWeights
  }

  package var direction: Direction
  package var examples: Int
  package var inputChannels: Int
  package var outputChannels: Int
  package var groups: Int
  package var window: Window
  package var hasBias: Bool
  /// True if the primitive adds a tensor of the result's shape to the result before the nonlinearity.
  package var hasAddend = false
  package var nonlinearity: Nonlinearity?
  /// The slope of a ReLU whose gradient the result becomes. The mask is the value of the ReLU.
  package var maskSlope: Float?
  /// The algorithm. Nil to let the shape decide.
  package var algorithm: Algorithm?
  /// The channels of the result that are computed, of a convolution in one group: for a gradient of
  /// weights the output channels. Nil for all.
  package var part: Range<Int>?
  /// True if the kernel packs the weights in each run, false to leave this to the plan.
  package var packsItself = false

  package init(
    _ direction: Direction, examples: Int, inputChannels: Int, outputChannels: Int, groups: Int,
    window: Window, hasBias: Bool = false, nonlinearity: Nonlinearity? = nil
  ) {
    self.direction = direction
    self.examples = examples
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.groups = groups
    self.window = window
    self.hasBias = hasBias
    self.nonlinearity = nonlinearity
  }

  package var inputAxes: [Int] { [examples, inputChannels] + window.input }
  package var outputAxes: [Int] { [examples, outputChannels] + window.output }

  /// The extents of the weights. If there are several groups, their axis comes first.
  package var weightAxes: [Int] {
    let kernel = window.axes.map(\.kernel)
    guard groups > 1 else { return [outputChannels, inputChannels] + kernel }
    return [groups, outputChannels / groups, inputChannels / groups] + kernel
  }

  /// `16x32x32 → 32x16x16 kernel 3x3`
  package var description: String {
    func text(_ axes: some Sequence<Int>) -> String {
      axes.map(String.init).joined(separator: "x")
    }
    return "\(text(inputAxes)) → \(text(outputAxes)) kernel \(text(window.axes.map(\.kernel)))"
  }

  /// Fuses a ReLU or its gradient into a convolution of images, or the sum of the result and
  /// another tensor before it.
  package func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)? {
    guard direction != .backwardWeights, nonlinearity == nil, maskSlope == nil else { return nil }
    var fused = self
    switch next {
    case let next as NonlinearityShape where next.function.isRamp:
      fused.nonlinearity = next.function
    case let next as NonlinearityGradientShape:
      guard let slope = next.function.slope else { return nil }
      fused.maskSlope = slope
    case let sum as SumShape where sum.isPlainPair && !hasAddend:
      fused.hasAddend = true
    default:
      return nil
    }
    return fused
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    implementation(try TileTable.chosen())
  }

  private func implementation(_ tiles: TileTable) -> any PrimitiveImplementation {
    let implementation = plainImplementation(tiles)
    return packsItself ? PackingItself(implementation) ?? implementation : implementation
  }

  private func plainImplementation(_ tiles: TileTable) -> any PrimitiveImplementation {
    switch (direction, usesWinograd) {
    case (.backwardWeights, false): TiledFilterGradient(self, tiles: tiles)
    case (.backwardWeights, true): WinogradFilterGradient(self, tiles: tiles)
    case (_, false): TiledConvolution(self, tiles: tiles)
    case (_, true): WinogradConvolution(self, tiles: tiles)
    }
  }

  /// The memory of the filters in panels, and the scratch memory.
  package var extraMemory: ExtraMemory {
    guard let tiles = try? TileTable.chosen() else { return ExtraMemory() }
    let implementation = implementation(tiles)
    return ExtraMemory(
      packed: implementation.packing.map { ($0.operand, $0.count) },
      scratch: implementation.scratchCount)
  }

  package var weightCount: Int { weightAxes.reduce(1, *) }

  /// The channels of the result: for a gradient of weights the output channels.
  package var resultChannels: Int { direction == .backwardData ? inputChannels : outputChannels }

  /// The channels of the result that are computed.
  var computedChannels: Range<Int> { part ?? 0..<resultChannels }
}
