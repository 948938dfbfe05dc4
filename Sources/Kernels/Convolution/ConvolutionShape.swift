/// A convolution, or a gradient of one, on a number of examples.
///
/// Operands by direction, all in the layouts of the shape, weights row-major [out, in/groups, kernel…]:
/// - forward: x, weights, (bias), (addend), y
/// - backward to the input: ∂y, weights, ∂x
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
  package var inputLayout: TensorLayout
  package var outputLayout: TensorLayout
  package var hasBias: Bool
  /// Whether a tensor like y is added to the result, before the nonlinearity.
  package var hasAddend = false
  package var nonlinearity: Nonlinearity?

  package init(
    _ direction: Direction, examples: Int, inputChannels: Int, outputChannels: Int, groups: Int,
    window: Window, inputLayout: TensorLayout, outputLayout: TensorLayout, hasBias: Bool = false,
    nonlinearity: Nonlinearity? = nil
  ) {
    self.direction = direction
    self.examples = examples
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.groups = groups
    self.window = window
    self.inputLayout = inputLayout
    self.outputLayout = outputLayout
    self.hasBias = hasBias
    self.nonlinearity = nonlinearity
  }

  /// Whether there is a kernel with an addend. In other layouts those of oneDNN 2.6 add wrongly for some shapes, and the
  /// fastest have none.
  package var canAdd: Bool {
    direction == .forward && outputLayout == .blocked && KernelLibrary.hasWideBlocks
  }

  package var inputAxes: [Int] { [examples, inputChannels] + window.input }
  package var outputAxes: [Int] { [examples, outputChannels] + window.output }

  /// With an axis of the groups before the others, where there are several.
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

  /// A convolution forward takes in a nonlinearity, and before it the sum of its result and another tensor.
  package func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)? {
    guard direction == .forward, nonlinearity == nil else { return nil }
    var fused = self
    switch next {
    case let next as NonlinearityShape:
      fused.nonlinearity = next.function
    case let sum as SumShape where sum.isPlainPair && canAdd && !hasAddend:
      fused.hasAddend = true
    default:
      return nil
    }
    return fused
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    if usesColumns { return try ColumnGradient(self) }
    return try Convolution(self)
  }

  /// Weights in the layout that is the fastest; of their gradient one in that layout, which is turned.
  package var extraMemory: ExtraMemory {
    direction == .backwardWeights
      ? ExtraMemory(scratch: weightCount) : ExtraMemory(packed: (operand: 1, count: weightCount))
  }

  var weightCount: Int { weightAxes.reduce(1, *) }
}
