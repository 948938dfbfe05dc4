/// A convolution of a number of examples, or one of its gradients.
///
/// Weights are row-major [out, in/groups, kernel…]. The other operands have the layouts of the
/// shape. The direction selects the operands:
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
  /// True if the primitive adds a tensor of y's shape to the result before the nonlinearity.
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

  /// True if a kernel with an addend exists and is correct.
  ///
  /// In other layouts some kernels of oneDNN 2.6 add wrongly, and the fastest kernels do not
  /// support an addend.
  package var canAdd: Bool {
    direction == .forward && outputLayout == .blocked && KernelLibrary.hasWideBlocks
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

  /// Fuses a ReLU into a forward convolution, or the sum of its result and another tensor
  /// before it.
  package func fused(with next: any PrimitiveShape) -> (any PrimitiveShape)? {
    guard direction == .forward, nonlinearity == nil else { return nil }
    var fused = self
    switch next {
    case let next as NonlinearityShape where next.function.isRamp:
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

  /// Estimates packed weights in the fastest layout, or the scratch memory of a weight gradient in
  /// it.
  package var extraMemory: ExtraMemory {
    direction == .backwardWeights
      ? ExtraMemory(scratch: weightCount) : ExtraMemory(packed: (operand: 1, count: weightCount))
  }

  var weightCount: Int { weightAxes.reduce(1, *) }
}
