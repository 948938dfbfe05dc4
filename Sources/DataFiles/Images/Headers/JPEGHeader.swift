/// The segments of a JPEG file up to the frame header, which states the size.
///
/// A segment `APP1` with Exif data states the orientation. The first one counts.
///
/// Reference: ITU-T T.81, "Digital compression and coding of continuous-tone still images", 1992.
struct JPEGHeader {
  private static let exif = Array("Exif\0\0".utf8)
  /// Every component has at least one bit for 8x8 samples, and at least one component has a quarter
  /// of the image's samples or more. Hence a byte stands for at most 2048 pixels.
  private static let pixelsPerByte = 2048
  /// The names of the kinds of frames that are refused, by marker.
  private static let otherFrames: [Int: String] = [
    0xC3: "lossless", 0xC5: "hierarchical", 0xC6: "hierarchical", 0xC7: "hierarchical",
    0xC9: "arithmetic coded", 0xCA: "arithmetic coded", 0xCB: "arithmetic coded",
    0xCD: "hierarchical", 0xCE: "hierarchical", 0xCF: "hierarchical",
  ]

  private var bytes: HeaderBytes
  private var orientation: ImageOrientation?

  /// Reads all segments up to the frame header.
  static func read(_ bytes: HeaderBytes) throws(HeaderStop) -> ImageHeader {
    var header = JPEGHeader(bytes: bytes)
    return try header.read()
  }

  private mutating func read() throws(HeaderStop) -> ImageHeader {
    _ = try bytes.take(2, "the start of an image")
    while true {
      let marker = try nextMarker()
      switch marker {
      case 0xC0, 0xC1, 0xC2: return try frame()
      case 0xE1: try readApplicationData()
      case 0xC4, 0xC8, 0xCC, 0xDB, 0xDD, 0xE0...0xEF, 0xFE: _ = try segment()
      default:
        if let name = JPEGHeader.otherFrames[marker] {
          throw bytes.mistake(
            "expected a baseline or progressive JPEG file, received a file that is \(name)", back: 2
          )
        }
        throw bytes.mistake(
          "expected a segment before the size of the image, received the marker "
            + String(marker, radix: 16, uppercase: true), back: 2)
      }
    }
  }

  /// Reads a marker, before which fill bytes may stand.
  private mutating func nextMarker() throws(HeaderStop) -> Int {
    guard try bytes.number(bytes: 1, "a marker") == 0xFF else {
      throw bytes.mistake("expected a marker, received other bytes", back: 1)
    }
    while true {
      let marker = try bytes.number(bytes: 1, "a marker")
      if marker != 0xFF { return marker }
    }
  }

  /// Reads the content of a segment, whose size comes first and counts itself.
  private mutating func segment() throws(HeaderStop) -> ArraySlice<UInt8> {
    let size = try bytes.number(bytes: 2, "the size of a segment")
    guard size >= 2 else {
      throw bytes.mistake("expected a segment of at least 2 bytes, received \(size)", back: 2)
    }
    return try bytes.take(size - 2, "a segment of \(size) bytes")
  }

  private mutating func readApplicationData() throws(HeaderStop) {
    let content = try segment()
    guard orientation == nil, content.starts(with: JPEGHeader.exif) else { return }
    let data = content.dropFirst(JPEGHeader.exif.count)
    do throws(HeaderMistake) {
      orientation = try ExifReader.orientation(data, at: data.startIndex)
    } catch {
      throw .mistake(error)
    }
  }

  private mutating func frame() throws(HeaderStop) -> ImageHeader {
    let start = bytes.place + 2
    let content = Array(try segment())
    func mistake(_ place: Int, _ message: String) -> HeaderStop {
      .mistake(HeaderMistake(at: start + place, message))
    }
    guard content.count >= 6 else {
      throw mistake(0, "expected a frame header of at least 8 bytes, received \(content.count + 2)")
    }
    guard content[0] == 8 else {
      throw mistake(0, "expected a JPEG file of 8 bits, received \(content[0])")
    }
    let (height, width) = (
      Int(content[1]) << 8 | Int(content[2]), Int(content[3]) << 8 | Int(content[4])
    )
    guard height > 0, width > 0 else {
      throw mistake(1, "expected a height and a width of at least 1, received \(height)x\(width)")
    }
    let components = Int(content[5])
    guard [1, 3, 4].contains(components) else {
      throw mistake(5, "expected 1, 3 or 4 components, received \(components)")
    }
    let size = PixelSize(height: height, width: width)
    return ImageHeader(
      format: .jpeg, storedSize: size, components: components,
      orientation: orientation ?? .topLeft,
      leastFileSize: size.count / JPEGHeader.pixelsPerByte)
  }
}
