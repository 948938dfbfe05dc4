internal import DataFiles
internal import Tensors
internal import YAML

extension DataTop {
  /// The size and the channels of an image of shape [channels, height, width] or [height, width].
  ///
  /// - Throws: a mistake for a tensor of another shape.
  func image() throws(TransformMistake) -> (channels: Int, size: PixelSize) {
    switch shape.rank {
    case 3: return (shape[0], PixelSize(height: shape[1], width: shape[2]))
    case 2: return (1, PixelSize(height: shape[0], width: shape[1]))
    default:
      throw TransformMistake(
        "expected images of shape [channels, height, width], received '\(name.quotable)' of shape "
          + shape.description)
    }
  }

  /// Checks that the tensor is an image of three channels.
  func checkColors() throws(TransformMistake) {
    let image = try image()
    guard shape.rank == 3, image.channels == 3 else {
      throw TransformMistake("expected images of 3 channels, received \(image.channels)")
    }
  }

  /// Returns the same images with other channels and another size.
  func image(channels: Int, _ size: PixelSize) -> DataTop {
    let sides = [size.height, size.width]
    return reshaped(to: Shape(shape.rank == 3 ? [channels] + sides : sides))
  }
}
