package import DataFiles
package import Fields

/// Resizes images bilinearly with antialiasing.
///
/// Each pixel is the weighted mean of the pixels under a triangle, which is wider the more the image
/// shrinks. Image files that are resized first keep samples of 8 bits, with the bits of Pillow. Other
/// tensors are resized in float32 with the same weights. Classes take the nearest pixel.
///
/// - `size`: the shorter side afterwards, or [height, width].
package struct Resize: ExampleTransform {
  var size = ImageSide.side(1)

  package init() {}

  package static let reference = Reference(
    "resize", formula: "y = image of another size, bilinear with antialiasing",
    discussion: """
      One side keeps the proportions: it is the shorter side afterwards. Image files that are resized \
      first give the same bits as Pillow. Classes for each pixel take the nearest pixel.
      """,
    example: "{type: resize, size: 256}")

  package static let fields: [Field<Resize>] = [
    .required("size", \.size, "The shorter side, or height and width, of the result.")
  ]

  package var scope: TransformScope { .pixels }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    let image = try top.image()
    return top.image(channels: image.channels, size.resized(image.size))
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    let target = size.resized(values.size)
    guard target != values.size else { return }
    switch kind {
    case .numbers: values.resize(to: target)
    case .classes: values.resizeToNearest(target)
    }
  }
}
