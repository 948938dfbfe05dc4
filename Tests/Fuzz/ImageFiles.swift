import CZlib
import DataFiles

/// Reads PNG and JPEG files, decodes them, also as masks, and resizes the images.
///
/// The bits of the first byte select the form: bits 0 and 1 the channels, bit 2 samples of 16 bits,
/// bit 3 a reduced size, bits 4 and 5 what the other bytes are: a file; a PNG file whose checksums
/// are made right; or the header and the rows of a PNG file, which are valid up to there.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let choice = bytes.first else { return 0 }
  let content = Array(bytes.dropFirst())
  let file: [UInt8] =
    switch choice >> 4 & 3 {
    case 1: withChecksums(content)
    case 2: png(header: content.prefix(13), rows: content.dropFirst(13))
    default: content
    }
  guard let image = try? ImageFile(file, name: "fuzz") else { return 0 }
  checkMask(image)
  var decoding = ImageDecoding(color: choice & 1 == 0 ? nil : choice & 2 == 0 ? .rgb : .gray)
  if choice & 8 != 0 { decoding.sufficientSize = PixelSize(height: 3, width: 5) }
  if choice & 4 == 0 {
    var (pixels, small) = (PixelImage<UInt8>(), PixelImage<UInt8>())
    guard (try? image.decode(decoding, into: &pixels)) != nil else { return 0 }
    check(pixels, image.header, decoding)
    var resizer = ImageResizer()
    resizer.resize(pixels, geometry, into: &small)
    precondition(small.size == geometry.box.size, "another size than was wanted")
  } else {
    var (pixels, small) = (PixelImage<UInt16>(), PixelImage<UInt16>())
    guard (try? image.decode(decoding, into: &pixels)) != nil else { return 0 }
    check(pixels, image.header, decoding)
    var resizer = ImageResizer()
    resizer.resize(pixels, geometry, into: &small)
    precondition(small.size == geometry.box.size, "another size than was wanted")
  }
  return 0
}

private let geometry = ImageGeometry(
  resizedTo: PixelSize(height: 9, width: 7),
  box: PixelBox(top: 1, left: 2, size: PixelSize(height: 6, width: 5)), isMirrored: true)

/// Reads a file as a mask of three classes.
private func checkMask(_ file: ImageFile) {
  var reader = MaskReader(MaskClasses(below: 3, ignoring: [255]))
  var values = ExampleValues()
  guard (try? reader.read(file, into: &values)) != nil else { return }
  precondition(values.size == file.header.size, "another size than announced")
  values.withValues { span in
    for index in span.indices {
      precondition([0, 1, 2, 255].contains(span[index]), "a value that is not a class")
    }
  }
}

/// Compares an image with the header of its file.
private func check<Sample: PixelSample>(
  _ image: PixelImage<Sample>, _ header: ImageHeader, _ decoding: ImageDecoding
) {
  precondition(image.channels == header.channels(decoding), "other channels than announced")
  guard let size = image.size else { preconditionFailure("an image without pixels") }
  precondition(image.samples.count == size.count * image.channels, "a wrong count of samples")
  if let least = decoding.sufficientSize, header.format == .jpeg {
    let (height, width) = (header.size.height, header.size.width)
    precondition(
      size.height >= min(least.height, height) && size.width >= min(least.width, width),
      "a reduced image that is too small")
  } else {
    precondition(size == header.size, "another size than announced")
  }
}

/// Returns a PNG file of one chunk of pixels, which are stored uncompressed (RFC 1950, 1951).
private func png(header: ArraySlice<UInt8>, rows: ArraySlice<UInt8>) -> [UInt8] {
  let sum = rows.withUnsafeBufferPointer { adler32_z(1, $0.baseAddress, $0.count) }
  let length = UInt16(truncatingIfNeeded: rows.count)
  let stored: [UInt8] =
    [0x78, 1, 1] + number(Int(length.byteSwapped), 2) + number(Int((~length).byteSwapped), 2)
    + rows + number(Int(sum), 4)
  return signature + chunk("IHDR", Array(header)) + chunk("IDAT", stored) + chunk("IEND", [])
}

/// Returns a file whose chunks have the right checksums, up to the first that is incomplete.
private func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
  var result = bytes
  var place = 8
  while place + 12 <= bytes.count {
    let size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    guard size <= bytes.count - place - 12 else { break }
    let end = place + 8 + size
    let sum = bytes[place + 4..<end].withUnsafeBufferPointer {
      crc32_z(0, $0.baseAddress, $0.count)
    }
    result.replaceSubrange(end..<end + 4, with: number(Int(sum), 4))
    place = end + 4
  }
  return result
}

private let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
  let body = Array(name.utf8) + data
  let sum = body.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
  return number(data.count, 4) + body + number(Int(sum), 4)
}

/// Returns the big-endian bytes of a number.
private func number(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}
