internal import YAML

/// An image file in memory. Its header is already read and checked.
///
/// PNG files may have any colour type and bit depth, interlaced or not. JPEG files may be baseline or
/// progressive, of 8 bits, with Huffman coding, in grey, YCbCr, RGB, CMYK or YCCK. Bytes behind the end of the
/// image are ignored, because cameras append previews there.
///
/// The size in the header is compared with ``ImageLimits``, and with the size of the file, before
/// memory for the pixels is allocated. Every chunk of a PNG file must have the right checksum, and a warning of
/// libjpeg is an error: no pixel of a result is invented.
package struct ImageFile: Sendable {
  package let header: ImageHeader
  /// The file's name in messages.
  package let name: String
  let bytes: [UInt8]

  /// The number of bytes that are read first for a header.
  private static let firstCount = 1 << 14

  /// Reads a whole file.
  package init(path: String) throws(DataFailure) {
    let file = try DataFile(path: path)
    // For a small file, the look at the free memory would take as long as reading it.
    let isSmall = file.size <= ImageLimits.unannouncedMemory
    try self.init(isSmall ? file.read(atMost: file.size) : file.readAll(), name: path)
  }

  /// Checks the header of a file in memory.
  ///
  /// - Parameter name: the file's name in messages.
  package init(_ bytes: [UInt8], name: String) throws(DataFailure) {
    self.bytes = bytes
    self.name = name.quotable
    do throws(HeaderStop) {
      header = try ImageFile.header(bytes, isWhole: true, fileSize: bytes.count)
    } catch {
      throw ImageFile.failure(error, self.name)
    }
  }

  /// Returns a checksum of a file: of its size, and of its first and last 16 KiB.
  package static func checksum(path: String) throws(DataFailure) -> UInt64 {
    let file = try DataFile(path: path)
    return try checksum(of: file, after: file.read(atMost: firstCount))
  }

  /// Returns a checksum of a file.
  ///
  /// - Parameter first: its first 16 KiB.
  private static func checksum(
    of file: borrowing DataFile, after first: [UInt8]
  ) throws(DataFailure) -> UInt64 {
    let rest = max(first.count, file.size - firstCount)
    let last = try file.read(atMost: firstCount, from: rest)
    var hash = UInt64(truncatingIfNeeded: file.size)
    for bytes in [first, last] {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      hash ^= hash >> 29
    }
    return hash
  }

  /// Reads only the header of a file, usually its first 16 KiB.
  package static func header(path: String) throws(DataFailure) -> ImageHeader {
    let file = try DataFile(path: path)
    return try header(of: file, after: file.read(atMost: firstCount), path)
  }

  /// Reads the header and the checksum of a file, which is opened once.
  package static func headerAndChecksum(
    path: String
  ) throws(DataFailure) -> (header: ImageHeader, checksum: UInt64) {
    let file = try DataFile(path: path)
    let first = try file.read(atMost: firstCount)
    let checksum = try checksum(of: file, after: first)
    return (try header(of: file, after: first, path), checksum)
  }

  /// Reads a header.
  ///
  /// - Parameter first: the first 16 KiB of the file.
  private static func header(
    of file: borrowing DataFile, after first: [UInt8], _ path: String
  ) throws(DataFailure) -> ImageHeader {
    var bytes = first
    var isWhole = first.count < firstCount
    while true {
      do throws(HeaderStop) {
        return try header(bytes, isWhole: isWhole, fileSize: file.size)
      } catch {
        if error != .needsMoreBytes { throw failure(error, path.quotable) }
      }
      // The number of bytes is doubled until they contain the header.
      let wanted = bytes.count
      let more = try file.read(atMost: wanted)
      isWhole = more.count < wanted
      bytes += more
    }
  }

  private static func header(
    _ bytes: [UInt8], isWhole: Bool, fileSize: Int
  ) throws(HeaderStop) -> ImageHeader {
    guard let format = ImageFormat(bytes) else {
      throw .mistake(
        HeaderMistake(
          at: 0, "expected a PNG or JPEG file, received \(ImageFormat.description(of: bytes))"))
    }
    let start = HeaderBytes(bytes, isWhole: isWhole)
    let header =
      switch format {
      case .png: try PNGHeader.read(start)
      case .jpeg: try JPEGHeader.read(start)
      }
    if let refusal = header.refusal(fileSize: fileSize) { throw .refused(refusal) }
    return header
  }

  private static func failure(_ stop: HeaderStop, _ name: String) -> DataFailure {
    switch stop {
    case .mistake(let mistake): .content("\(name): byte \(mistake.byte): \(mistake.message)")
    case .refused(let reason): .content("\(name): \(reason)")
    case .needsMoreBytes: .content("\(name): expected a header, received the end of the file")
    }
  }

  /// Decodes to samples of 8 bits. The high part of 16 bits is kept, rounded.
  ///
  /// - Parameter image: gets the pixels. Empty after a failure.
  package func decode(
    _ decoding: ImageDecoding = ImageDecoding(), into image: inout PixelImage<UInt8>
  ) throws(DataFailure) {
    try announce(decoding, depth: 8)
    switch header.format {
    case .png: try decodePNG(decoding, &image)
    case .jpeg: try decodeJPEG(decoding, &image)
    }
    if decoding.followsOrientation { image.orient(header.orientation) }
  }

  /// Decodes to samples of 16 bits. A sample of 8 bits is multiplied by 257, so that 255 becomes
  /// 65535.
  ///
  /// - Parameter image: gets the pixels. Empty after a failure.
  package func decode(
    _ decoding: ImageDecoding = ImageDecoding(), into image: inout PixelImage<UInt16>
  ) throws(DataFailure) {
    try announce(decoding, depth: 16)
    switch header.format {
    case .png: try decodePNG(decoding, &image)
    case .jpeg:
      var narrow = PixelImage<UInt8>()
      try decodeJPEG(decoding, &narrow)
      image.widen(narrow)
    }
    if decoding.followsOrientation { image.orient(header.orientation) }
  }

  /// Checks that a large image fits the free memory.
  func announce(_ decoding: ImageDecoding, depth: Int) throws(DataFailure) {
    let memory = header.decodingMemory(decoding, depth: depth)
    guard memory <= ImageLimits.unannouncedMemory || DataLimits.fitsMemory(memory) else {
      throw .io(
        "\(name): needs \(memory) bytes of memory for \(header.size.description) pixels, more than "
          + "are free")
    }
  }

  private func decodePNG<Sample: PixelSample>(
    _ decoding: ImageDecoding, _ image: inout PixelImage<Sample>
  ) throws(DataFailure) {
    let (size, channels) = (header.storedSize, header.channels(decoding))
    let components = header.decodedComponents(decoding)
    let colors = components - (header.hasAlpha ? 1 : 0)
    try image.fill(size, channels: channels, components: components) {
      (samples) throws(DataFailure) in
      do throws(DecodingMistake) {
        try PNGDecoder.decode(
          bytes, size, components: components, isColor: colors == 3, into: &samples)
      } catch {
        throw failure(error)
      }
      if header.hasAlpha {
        let background: [Sample] = decoding.background.samples(channels: colors)
        PixelConversion.compose(&samples, count: size.count, on: background)
      }
      if channels < colors { PixelConversion.convertToGray(&samples, count: size.count) }
    }
  }

  private func decodeJPEG(
    _ decoding: ImageDecoding, _ image: inout PixelImage<UInt8>
  ) throws(DataFailure) {
    let eighths = decoding.eighths(of: header.storedSize, header.orientation)
    let size = ImageDecoding.reduced(header.storedSize, eighths)
    let (channels, components) = (header.channels(decoding), header.decodedComponents(decoding))
    try image.fill(size, channels: channels, components: components) {
      (samples) throws(DataFailure) in
      do throws(DecodingMistake) {
        try JPEGDecoder.decode(
          bytes, size, eighths: eighths, components: components, memory: header.libraryMemory,
          into: &samples)
      } catch {
        throw failure(error)
      }
      if components == 4 { PixelConversion.convertFromCMYK(&samples, count: size.count) }
      if channels == 1, components > 1 {
        PixelConversion.convertToGray(&samples, count: size.count)
      }
    }
  }

  func failure(_ mistake: DecodingMistake) -> DataFailure {
    guard !mistake.isMemory else {
      return .io("\(name): not enough memory to decode \(header.size.description) pixels")
    }
    return .content(
      "\(name): byte \(mistake.byte): expected an intact \(header.format.rawValue) file, received "
        + "'\(mistake.reason.quotable)'")
  }
}

extension ImageFile {
  /// Whether a file begins like a PNG or JPEG file.
  package static func isImage(path: String) throws(DataFailure) -> Bool {
    let file = try DataFile(path: path)
    return ImageFormat(try file.read(atMost: ImageFormat.signatureLength)) != nil
  }
}
