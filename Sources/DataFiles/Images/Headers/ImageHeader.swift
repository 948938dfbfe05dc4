/// The properties of an image that its file states before the pixels.
package struct ImageHeader: Equatable, Sendable {
  package let format: ImageFormat
  /// The size of the stored pixels, before the orientation applies.
  package let storedSize: PixelSize
  /// The samples of a stored pixel: those of its colour, and one for alpha.
  var components: Int
  /// Whether the file states how opaque its pixels are.
  package var hasAlpha = false
  /// The bits of a sample in memory: 16 for a PNG file of 16 bits, otherwise 8.
  package var depth = 8
  /// Whether each stored pixel is one number: a grey value, or the index of a palette's colour.
  package var storesNumbers = false
  package var orientation = ImageOrientation.topLeft
  /// The size that a file with so many pixels at least has, in bytes. Compression has limits.
  let leastFileSize: Int

  /// The channels of the image: 1 (grey) or 3 (red, green, blue).
  package var channels: Int { components - (hasAlpha ? 1 : 0) == 1 ? 1 : 3 }

  /// The size of the shown image.
  package var size: PixelSize { orientation.shown(storedSize) }

  /// Returns the reason why an image of this size is refused in a file of `fileSize` bytes. Nil when
  /// the image is acceptable.
  func refusal(fileSize: Int) -> String? {
    let size = storedSize
    if size.count > ImageLimits.pixelCount {
      return "expected at most \(ImageLimits.pixelCount) pixels, received \(size.description)"
    }
    if max(size.height, size.width) > ImageLimits.sideLength {
      return "expected a height and a width of at most \(ImageLimits.sideLength), received "
        + size.description
    }
    guard fileSize >= leastFileSize else {
      return "expected at least \(leastFileSize) bytes for \(size.description) pixels, received "
        + "\(fileSize)"
    }
    return nil
  }

  /// The channels of the decoded image.
  package func channels(_ decoding: ImageDecoding) -> Int {
    decoding.color.map { $0 == .rgb ? 3 : 1 } ?? channels
  }

  /// The samples of a pixel that the library decodes, before alpha is composed and colours become
  /// grey.
  func decodedComponents(_ decoding: ImageDecoding) -> Int {
    let isColor = channels == 3 || decoding.color == .rgb
    if format == .jpeg { return components == 4 ? 4 : isColor ? 3 : 1 }
    return (isColor ? 3 : 1) + (hasAlpha ? 1 : 0)
  }

  /// Returns the greatest number of bytes that decoding allocates.
  ///
  /// - Parameter depth: the bits of a sample in the result: 8 or 16.
  package func decodingMemory(_ decoding: ImageDecoding, depth: Int) -> Int {
    let samples = storedSize.count * decodedComponents(decoding) * (depth / 8)
    let isTurned = decoding.followsOrientation && orientation != .topLeft
    return samples * (isTurned ? 2 : 1) + libraryMemory
  }

  /// The greatest number of bytes that the decoding library allocates.
  ///
  /// libjpeg keeps the coefficients of a file with several scans, in 2 bytes each. Some rows of
  /// pixels and the tables of both libraries come in addition.
  var libraryMemory: Int {
    let rows = storedSize.width * components * 64 + 1 << 20
    guard format == .jpeg else { return rows }
    // The blocks of 8x8 coefficients are complete for groups of up to 4x4 blocks.
    let (height, width) = (storedSize.height + 31, storedSize.width + 31)
    return rows + height * width * components * 2
  }
}
