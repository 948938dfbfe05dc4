internal import Kernels
internal import Tensors

/// The shapes of convolutions, and their limits.
enum ImageShapes {
  /// The greatest number of values in an example of images.
  static let exampleLimit = 1 << 31 - 1

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
