import DataFiles
import Testing

/// Compares with the pixels that Pillow decodes from the same files.
@Suite struct JPEGDecodingTests {
  @Test(arguments: ImageCases.all.decoding)
  func pixelsAreThoseOfPillow(_ example: ImageCases.Decoding) throws {
    let file = try ImageFile(example.bytes, name: "a.jpg")
    let decoding = ImageDecoding(
      color: example.color.flatMap(ImageColor.init(rawValue:)),
      sufficientSize: example.sufficient.map { PixelSize(height: $0[0], width: $0[1]) })
    var image = PixelImage<UInt8>()
    try file.decode(decoding, into: &image)
    #expect([image.height, image.width] == example.size)
    #expect(image.channels == example.channels)
    #expect(image.samples == [UInt8](example.pixels))
  }

  @Test func samplesOf16BitsAreWidened() throws {
    let file = try ImageFile(Self.example("4:2:0"), name: "a.jpg")
    var (narrow, wide) = (PixelImage<UInt8>(), PixelImage<UInt16>())
    try file.decode(into: &narrow)
    try file.decode(into: &wide)
    #expect(wide.size == narrow.size)
    #expect(wide.samples == narrow.samples.map { UInt16($0) * 257 })
  }

  @Test func orientationCanBeIgnored() throws {
    let file = try ImageFile(Self.example("orientation 6"), name: "a.jpg")
    #expect(file.header.orientation == .rightTop)
    #expect(file.header.size == PixelSize(height: 19, width: 9))
    var (plain, image) = (PixelImage<UInt8>(), PixelImage<UInt8>())
    try file.decode(ImageDecoding(followsOrientation: false), into: &image)
    try ImageFile(Self.example("grey"), name: "a.jpg").decode(into: &plain)
    #expect(image == plain)
  }

  /// The size of an image of 14x21 that is decoded for a smaller one.
  @Test(arguments: [
    (7, 10, 7, 11), (7, 11, 7, 11), (8, 11, 14, 21), (1, 1, 2, 3), (3, 6, 4, 6), (14, 1, 14, 21),
    (99, 99, 14, 21),
  ])
  func reductionIsNeverSmallerThanNeeded(_ height: Int, _ width: Int, _ h: Int, _ w: Int) throws {
    let file = try ImageFile(Self.example("4:2:0"), name: "a.jpg")
    var image = PixelImage<UInt8>()
    let size = PixelSize(height: height, width: width)
    try file.decode(ImageDecoding(sufficientSize: size), into: &image)
    #expect(image.size == PixelSize(height: h, width: w))
  }

  @Test func reductionFollowsTheOrientation() throws {
    let file = try ImageFile(Self.example("orientation 6"), name: "a.jpg")
    var image = PixelImage<UInt8>()
    try file.decode(
      ImageDecoding(sufficientSize: PixelSize(height: 9, width: 4)), into: &image)
    #expect(image.size == PixelSize(height: 10, width: 5))
  }

  @Test func everyTruncationIsRefused() throws {
    for name in ["4:2:0", "progressive", "CMYK"] {
      let bytes = try Self.example(name)
      for count in 0..<bytes.count {
        let message = Self.refusal(Array(bytes[..<count]))
        #expect(message.hasPrefix("a.jpg: byte "), "\(count) bytes")
      }
    }
    let bytes = try Self.example("4:2:0")
    let count = bytes.count - 2
    #expect(
      Self.refusal(Array(bytes[..<count]))
        == "a.jpg: byte \(count): expected an intact JPEG file, received 'Premature end of JPEG file'"
    )
  }

  @Test func damagedDataAreRefused() throws {
    var bytes = try Self.example("restart markers")
    let marker = try #require(
      bytes.indices.first { $0 > 200 && bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD0 })
    // The next restart marker has another number.
    bytes[marker + 1] = 0xD5
    #expect(
      Self.refusal(bytes)
        .hasSuffix(
          "expected an intact JPEG file, received 'Corrupt JPEG data: found marker 0xd5 instead of RST0'"
        ))
  }

  @Test func bytesBehindTheImageAreIgnored() throws {
    let bytes = try Self.example("4:2:0")
    var (plain, image) = (PixelImage<UInt8>(), PixelImage<UInt8>())
    try ImageFile(bytes, name: "a.jpg").decode(into: &plain)
    try ImageFile(bytes + Array("preview".utf8), name: "a.jpg").decode(into: &image)
    #expect(image == plain)
  }

  @Test func scansAreBounded() throws {
    #expect(Self.refusal(Self.progressive(coefficients: 49)) == "")
    let message = Self.refusal(Self.progressive(coefficients: 50))
    #expect(
      message.hasSuffix("expected an intact JPEG file, received 'more than 100 scans'"),
      "\(message)")
  }

  /// A grey image of one block, with a scan for the mean and two for each of the next coefficients.
  private static func progressive(coefficients: Int) -> [UInt8] {
    func scan(_ band: Int, from high: UInt8, to low: UInt8) -> [UInt8] {
      // The code 0 says that all coefficients are 0. Ones fill the byte.
      [0xFF, 0xDA, 0, 8, 1, 1, 0, UInt8(band), UInt8(band), high << 4 | low, 0x7F]
    }
    let lengths: [UInt8] = [1] + [UInt8](repeating: 0, count: 15)
    let tables: [UInt8] = [0, 0x10].flatMap { [0xFF, 0xC4, 0, 20, $0] + lengths + [0] }
    let start: [UInt8] =
      [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 1, count: 64) + tables
    let frame: [UInt8] = [0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]
    let scans = (1...coefficients).flatMap { scan($0, from: 0, to: 1) + scan($0, from: 1, to: 0) }
    return start + frame + scan(0, from: 0, to: 0) + scans + [0xFF, 0xD9]
  }

  /// Returns the message that refuses a file. Empty without a refusal.
  private static func refusal(_ bytes: [UInt8]) -> String {
    let failure = failure { () throws(DataFailure) in
      var image = PixelImage<UInt8>()
      try ImageFile(bytes, name: "a.jpg").decode(into: &image)
    }
    return failure?.message ?? ""
  }

  static func example(_ name: String) throws -> [UInt8] {
    try #require(ImageCases.all.decoding.first { $0.name == name }).bytes
  }
}
