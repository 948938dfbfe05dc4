internal import CZlib

/// The chunks of a PNG file before its pixels. The checksum of each is verified.
///
/// The chunk `tRNS` states alpha, and `eXIf` the orientation. A chunk behind the pixels does not
/// count.
///
/// Reference: W3C, "Portable Network Graphics (PNG) Specification", third edition.
struct PNGHeader {
  /// A chunk whose checksum is right.
  private struct Chunk {
    let name: String
    let data: ArraySlice<UInt8>
    /// The offset of the data in the file.
    let start: Int
  }

  /// The samples of a pixel and the allowed bits of a sample, by the number of the colour type.
  private static let types: [Int: (components: Int, depths: [Int])] = [
    0: (1, [1, 2, 4, 8, 16]), 2: (3, [8, 16]), 3: (1, [1, 2, 4, 8]), 4: (2, [8, 16]),
    6: (4, [8, 16]),
  ]
  private static let palette = 3

  private var bytes: HeaderBytes

  /// Reads all chunks before the pixels.
  static func read(_ bytes: HeaderBytes) throws(HeaderStop) -> ImageHeader {
    var header = PNGHeader(bytes: bytes)
    return try header.read()
  }

  private mutating func read() throws(HeaderStop) -> ImageHeader {
    _ = try bytes.take(ImageFormat.signatureLength, "a signature")
    var header = try imageHeader()
    while let chunk = try nextChunk() {
      switch chunk.name {
      case "IEND": throw bytes.mistake("expected pixels, received the end of the image", back: 8)
      case "tRNS" where !header.hasAlpha:
        header.hasAlpha = true
        header.components += 1
      case "eXIf":
        do throws(HeaderMistake) {
          header.orientation = try ExifReader.orientation(chunk.data, at: chunk.start)
        } catch {
          throw .mistake(error)
        }
      default: break
      }
    }
    return header
  }

  /// Reads the chunk `IHDR`, which comes first.
  private mutating func imageHeader() throws(HeaderStop) -> ImageHeader {
    guard let chunk = try nextChunk(), chunk.name == "IHDR", chunk.data.count == 13 else {
      throw bytes.mistake("expected a chunk IHDR of 13 bytes first, received another")
    }
    let values = Array(chunk.data)
    func number(_ place: Int) -> Int { values[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    func mistake(_ place: Int, _ message: String) -> HeaderStop {
      .mistake(HeaderMistake(at: chunk.start + place, message))
    }
    let (width, height) = (number(0), number(4))
    for (place, size) in [(0, width), (4, height)] where !(1..<1 << 31).contains(size) {
      throw mistake(
        place, "expected a height and a width of at least 1, received \(height)x\(width)")
    }
    let (depth, type) = (Int(values[8]), Int(values[9]))
    guard let (components, depths) = PNGHeader.types[type] else {
      throw mistake(9, "expected a colour type of 0, 2, 3, 4 or 6, received \(type)")
    }
    guard depths.contains(depth) else {
      throw mistake(
        8,
        "expected \(depths.map(String.init).joined(separator: ", ")) bits for colour type \(type), "
          + "received \(depth)")
    }
    guard values[10] == 0, values[11] == 0, values[12] < 2 else {
      throw mistake(
        10,
        "expected the compression 0, the filter 0 and interlacing 0 or 1, received "
          + "\(values[10]), \(values[11]) and \(values[12])")
    }
    let rowSize = 1 + (width * components * depth + 7) / 8
    let (size, overflows) = height.multipliedReportingOverflow(by: rowSize)
    return ImageHeader(
      format: .png, storedSize: PixelSize(height: height, width: width),
      components: type == PNGHeader.palette ? 3 : components, hasAlpha: type == 4 || type == 6,
      depth: depth == 16 ? 16 : 8, storesNumbers: type == 0 || type == PNGHeader.palette,
      leastFileSize: overflows ? .max : size / Inflater.greatestRatio)
  }

  /// Reads the next chunk. Nil when the pixels begin.
  private mutating func nextChunk() throws(HeaderStop) -> Chunk? {
    let count = try bytes.number(bytes: 4, "the size of a chunk")
    guard count < 1 << 31 else {
      throw bytes.mistake(
        "expected a chunk of at most 2147483647 bytes, received \(count)", back: 4)
    }
    let type = try bytes.take(4, "the name of a chunk")
    guard type.allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) }) else {
      throw bytes.mistake("expected the name of a chunk, received other bytes", back: 4)
    }
    let name = String(decoding: type, as: UTF8.self)
    guard name != "IDAT" else { return nil }
    let start = bytes.place
    let data = try bytes.take(count, "\(count) bytes of the chunk \(name)")
    let sum = [type, data].reduce(crc32_z(0, nil, 0)) { sum, part in
      unsafe part.withUnsafeBufferPointer { unsafe crc32_z(sum, $0.baseAddress, $0.count) }
    }
    let stated = try bytes.number(bytes: 4, "the checksum of the chunk \(name)")
    guard UInt(stated) == sum else {
      throw bytes.mistake(
        "expected the checksum of the chunk \(name), received another: the file is damaged", back: 4
      )
    }
    return Chunk(name: name, data: data, start: start)
  }
}
