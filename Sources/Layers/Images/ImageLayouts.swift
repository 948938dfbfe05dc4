internal import Kernels
internal import Tensors

/// The rules by which layouts of images are chosen: by shapes and the processor's instructions, never by a clock.
enum ImageLayouts {
  /// Greater examples overflow the 32 bits in which primitives count places.
  static let exampleLimit = 1 << 31 - 1

  /// The layouts of a convolution's input and output.
  ///
  /// Blocks of sixteen channels are the fastest where they are full; a part empty block costs the work of a full one
  /// (50 channels that of 64), and there all channels of a position lie together instead. A plain input of one to
  /// three channels, such as an image's colours, is read as it is. Without AVX-512 no convolution has kernels for these
  /// blocks and the library would fall to its reference loops, so there channels are always last.
  ///
  /// - Parameter given: the layout that the input has, where that may be read as it is.
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

  /// The output of a convolution, or of a transposed one.
  ///
  /// - Parameter weights: the first two axes of its weights.
  /// - Throws: ``ShapeFailure`` where input, output or weights are too many values.
  static func outputShape(
    _ input: Shape, _ channels: Int, weights: [Int], _ window: Window
  ) throws(ShapeFailure) -> Shape {
    guard let output = Shape(checking: [input[0], channels] + window.output),
      Shape(checking: weights + window.axes.map(\.kernel)) != nil,
      output.example.count <= exampleLimit, input.example.count <= exampleLimit
    else {
      throw ShapeFailure("expected at most \(exampleLimit) values an example before and after")
    }
    return output
  }

  /// - Throws: ``ShapeFailure`` where channels cannot be shared out evenly.
  static func check(groups: Int, _ inputs: Int, _ outputs: Int) throws(ShapeFailure) {
    guard inputs % groups == 0, outputs % groups == 0 else {
      throw ShapeFailure(
        "group \(groups) does not divide \(inputs) input and \(outputs) output channels")
    }
  }
}
