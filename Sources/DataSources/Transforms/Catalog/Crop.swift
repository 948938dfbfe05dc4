package import DataFiles
package import Fields

/// Cuts a box out of each image: at a random place in training, and in the middle in tests.
///
/// - `size`: the side of the box, or [height, width].
/// - `pad` (0): rows and columns that are added at each side before.
/// - `fill` (0): the value of added pixels. Classes take the label that the network ignores, otherwise 0.
///
/// Reference: A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet classification with deep
/// convolutional neural networks", 2012.
package struct Crop: ExampleTransform {
  var size = ImageSide.side(1)
  var pad = 0
  var fill = 0.0

  package init() {}

  package static let reference = Reference(
    "crop", formula: "y = box of the image, random in training and central in tests",
    discussion: """
      The image is padded first. Every place of the box in the padded image has the same probability.
      """,
    example: "{type: crop, size: 32, pad: 4}")

  package static let fields: [Field<Crop>] = [
    .required("size", \.size, "The side, or height and width, of the box."),
    .optional("pad", \.pad, .within(0...4096), "Rows and columns that are added at each side."),
    .optional("fill", \.fill, .within(-1e30...1e30), "The value of added pixels."),
  ]

  package var scope: TransformScope { .pixels }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    let image = try top.image()
    let box = size.cropped
    let padded = PixelSize(height: image.size.height + 2 * pad, width: image.size.width + 2 * pad)
    guard box.height <= padded.height, box.width <= padded.width else {
      throw TransformMistake(
        "expected images of at least \(box.description) pixels"
          + (pad > 0 ? " with their padding" : "") + ", received \(padded.description)")
    }
    return top.image(channels: image.channels, box)
  }

  /// Returns the place of the box in an image without padding. It may be negative.
  func place(in image: PixelSize, _ draws: TransformDraws?) -> (top: Int, left: Int) {
    let box = size.cropped
    let padded = PixelSize(height: image.height + 2 * pad, width: image.width + 2 * pad)
    guard let draws else {
      let place = box.centered(in: padded)
      return (place.top - pad, place.left - pad)
    }
    return (
      draws.integer(0, upTo: padded.height - box.height) - pad,
      draws.integer(1, upTo: padded.width - box.width) - pad
    )
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    let (image, box) = (values.size, size.cropped)
    // An image file may be smaller than the first one. It then keeps its size, which is refused later.
    guard box.height <= image.height + 2 * pad, box.width <= image.width + 2 * pad else { return }
    let (top, left) = place(in: image, draws)
    let outside = kind.outside(fill)
    let channels = values.channels
    // Columns of the box that lie within the image.
    let first = min(box.width, max(0, -left))
    let last = max(first, min(box.width, image.width - left))
    values.replace(channels: channels, height: box.height, width: box.width) { old, new in
      for line in 0..<channels * box.height {
        let (channel, row) = line.quotientAndRemainder(dividingBy: box.height)
        let start = line * box.width
        guard (0..<image.height).contains(row + top) else {
          for column in 0..<box.width { new[start + column] = outside }
          continue
        }
        let source = (channel * image.height + row + top) * image.width + left
        for column in 0..<first { new[start + column] = outside }
        for column in first..<last { new[start + column] = old[source + column] }
        for column in last..<box.width { new[start + column] = outside }
      }
    }
  }
}
