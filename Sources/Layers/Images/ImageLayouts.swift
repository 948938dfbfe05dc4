internal import Kernels
internal import Tensors

/// The rules that select the layouts of images.
///
/// The layouts depend on the shapes and the processor's instructions, and never on a time
/// measurement.
enum ImageLayouts {
  /// The greatest size of an example. Primitives count places in 32 bits.
  static let exampleLimit = 1 << 31 - 1

  /// Returns the layouts of a convolution's input and output.
  ///
  /// Full blocks of sixteen channels are the fastest layout. A partly empty block costs the work of
  /// a full one: 50 channels cost as much as 64. In that case all channels of a position lie
  /// together, which is the layout channels last. A convolution reads a plain input of one to three
  /// channels, such as colours, directly.
  ///
  /// Without AVX-512, oneDNN has no fast kernels for these blocks and would use its reference
  /// loops. Then the channels are always last.
  ///
  /// - Parameters:
  ///   - inputChannels: the number of channels in the input.
  ///   - outputChannels: the number of channels in the output.
  ///   - groups: the number of independent groups of channels.
  ///   - given: the layout of the input, if the convolution may read it directly.
  ///   - hasWideBlocks: true if the processor has fast kernels for blocks of sixteen channels.
  static func ofConvolution(
    inputChannels: Int, outputChannels: Int, groups: Int, given: TensorLayout? = nil,
    hasWideBlocks: Bool = KernelLibrary.hasWideBlocks
  ) -> (input: TensorLayout, output: TensorLayout) {
    guard hasWideBlocks else { return (.channelsLast, .channelsLast) }
    let width = TensorLayout.blockWidth
    let (inputs, outputs) = (inputChannels / groups, outputChannels / groups)
    let isDepthwise = groups == inputChannels && groups == outputChannels
    let isBlocked =
      inputs % width == 0 && outputs % width == 0
      || isDepthwise && inputChannels % width == 0 && groups > 1
    if isBlocked { return (.blocked, .blocked) }
    if groups == 1, inputChannels <= 3, outputChannels % width == 0, given == .plain {
      return (.plain, .blocked)
    }
    return (.channelsLast, .channelsLast)
  }

  /// Returns the output shape of a convolution or of a transposed one.
  ///
  /// - Parameter weights: the first two axes of the weights.
  /// - Throws: ``ShapeFailure`` if the input, the output or the weights have too many values.
  static func outputShape(
    _ input: Shape, _ channels: Int, weights: [Int], _ window: Window
  ) throws(ShapeFailure) -> Shape {
    guard let output = Shape(checking: [input[0], channels] + window.output),
      Shape(checking: weights + window.axes.map(\.kernel)) != nil,
      output.example.count <= exampleLimit, input.example.count <= exampleLimit
    else {
      throw ShapeFailure(
        "expected at most \(exampleLimit) values in an example of the bottom and of the top")
    }
    return output
  }

  /// Checks that the groups divide the channels.
  ///
  /// - Throws: ``ShapeFailure`` with the numbers of channels.
  static func check(groups: Int, _ inputs: Int, _ outputs: Int) throws(ShapeFailure) {
    guard inputs % groups == 0, outputs % groups == 0 else {
      throw ShapeFailure(
        "group \(groups) does not divide \(inputs) input and \(outputs) output channels")
    }
  }
}
