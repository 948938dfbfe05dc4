/// Reads masks: PNG files whose stored samples are classes.
///
/// A sample is a grey value of 1 to 16 bits, which is not scaled, or the index of a palette's colour. The
/// colours of the palette, and transparency, have no meaning. The Exif orientation of the mask is followed.
package struct MaskReader {
  private let classes: MaskClasses
  private var narrow = PixelImage<UInt8>()
  private var wide = PixelImage<UInt16>()

  package init(_ classes: MaskClasses) { self.classes = classes }

  /// Reads a mask.
  ///
  /// - Parameter values: gets the class of each pixel, with one channel.
  /// - Throws: a failure that names the file, and the row and column of a sample that is not a class.
  package mutating func read(path: String, into values: inout ExampleValues) throws(DataFailure) {
    try read(ImageFile(path: path), into: &values)
  }

  /// Reads a mask in memory; see ``read(path:into:)``.
  package mutating func read(
    _ file: ImageFile, into values: inout ExampleValues
  ) throws(DataFailure) {
    if let mistake = file.header.maskMistake { throw .content("\(file.name): \(mistake)") }
    let wrong: Int?
    if file.header.depth == 16 {
      try file.decodeStored(into: &wide)
      wrong = values.copy(wide) { [classes] in classes[$0] }
    } else {
      try file.decodeStored(into: &narrow)
      wrong = values.copy(narrow) { [classes] in classes[UInt16($0)] }
    }
    guard let wrong else { return }
    let (row, column) = wrong.quotientAndRemainder(dividingBy: values.width)
    let sample =
      file.header.depth == 16 ? Int(wide.samples[wrong]) : Int(narrow.samples[wrong])
    let advice = sample == 255 ? "; ignore_label: 255 of a loss leaves such pixels out" : ""
    throw classes.refusal(
      "\(file.name): row \(row), column \(column): expected \(classes.expectation), received "
        + "\(sample)\(advice)")
  }
}

extension ImageHeader {
  /// The reason why a file is not a mask. Nil for a mask.
  package var maskMistake: String? {
    guard !storesNumbers else { return nil }
    let received =
      switch (format, channels, hasAlpha) {
      case (.jpeg, _, _): "a JPEG file, whose compression changes numbers"
      case (.png, 3, true): "colors with alpha"
      case (.png, 3, false): "colors"
      case (.png, _, _): "grey values with alpha"
      }
    return
      "expected a mask, which is a PNG file of grey values or palette indices that are classes, "
      + "received \(received): save the number of each pixel's class as a grey value"
  }
}

extension ImageFile {
  /// Decodes the stored samples of a mask.
  ///
  /// - Parameter image: gets the samples. Their type has as many bits as the header states.
  fileprivate func decodeStored<Sample: PixelSample>(
    into image: inout PixelImage<Sample>
  ) throws(DataFailure) {
    try announce(ImageDecoding(), depth: header.depth)
    let size = header.storedSize
    try image.fill(size, channels: 1, components: 1) { (samples) throws(DataFailure) in
      do throws(DecodingMistake) {
        try PNGDecoder.decode(
          bytes, size, components: 1, isColor: false, isStored: true, into: &samples)
      } catch {
        throw failure(error)
      }
    }
    image.orient(header.orientation)
  }
}

extension ExampleValues {
  /// Copies an image of one channel.
  ///
  /// - Parameter value: the value of a sample. NaN for a wrong one.
  /// - Returns: the place of the first wrong sample. Nil when all have a value.
  @inline(__always)
  fileprivate mutating func copy<Sample: PixelSample>(
    _ image: PixelImage<Sample>, _ value: (Sample) -> Float
  ) -> Int? {
    reshape(channels: 1, height: image.height, width: image.width)
    return withMutableValues { target in
      image.withSamples { samples in
        var wrong: Int?
        for pixel in samples.indices {
          let number = value(samples[pixel])
          target[pixel] = number
          if wrong == nil, number.isNaN { wrong = pixel }
        }
        return wrong
      }
    }
  }
}
