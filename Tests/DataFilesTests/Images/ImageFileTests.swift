import DataFiles
import Foundation
import Oracles
import Testing

@Suite struct ImageFileTests {
  private static let png = PNGBytes(
    width: 5, height: 4, samples: (0..<60).map { $0 * 4 })

  /// Returns the message that refuses the header of a file. Both ways to read it must agree.
  private static func refusal(_ bytes: [UInt8]) throws -> String {
    let folder = try TemporaryFolder()
    // The name's ending does not matter.
    let path = try folder.write(bytes, to: "a.txt")
    let one = failure { () throws(DataFailure) in try ImageFile.header(path: path) }
    let other = failure { () throws(DataFailure) in try ImageFile(path: path) }
    #expect(one == other)
    return (one?.message ?? "").replacingOccurrences(of: "\(path): ", with: "")
  }

  /// Returns the message that refuses the pixels of a file with a valid header.
  private static func decodingRefusal(_ bytes: [UInt8]) throws -> String {
    let file = try ImageFile(bytes, name: "a.png")
    let failure = failure { () throws(DataFailure) in
      var image = PixelImage<UInt8>()
      try file.decode(into: &image)
    }
    return failure?.message ?? ""
  }

  @Test(arguments: [
    ("", "an empty file"), ("hello, world", "text"), ("GIF89a...", "a GIF file"),
    ("RIFF....WEBPVP8 ", "a WebP file"), ("BM......", "a BMP file"), ("II*\0abcd", "a TIFF file"),
    ("\u{1}\u{2}\u{3}", "a file that begins with the bytes 1 2 3"),
  ])
  func otherFormatsAreNamed(_ content: String, _ name: String) throws {
    #expect(
      try Self.refusal(Array(content.utf8))
        == "byte 0: expected a PNG or JPEG file, received \(name)")
  }

  @Test func damagedSignatureIsNamed() throws {
    let bytes = Array(Self.png.bytes)
    #expect(
      try Self.refusal(bytes[..<4] + [0x0A, 0x1A, 0x0A] + bytes[8...])
        == "byte 0: expected a PNG or JPEG file, received a PNG signature that a conversion of "
        + "line ends or text damaged")
  }

  @Test func filesThatAreNotRegularAreRefused() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.file("pipe")
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [(folder.path, "a folder"), (pipe, "a pipe"), ("/dev/zero", "a device")] {
      let expected = DataFailure.content("\(path): expected a regular file, received \(kind)")
      #expect(failure { () throws(DataFailure) in try ImageFile(path: path) } == expected)
      #expect(failure { () throws(DataFailure) in try ImageFile.header(path: path) } == expected)
    }
  }

  @Test func headerIsReadWithoutThePixels() throws {
    let folder = try TemporaryFolder()
    let bytes = Self.png.bytes
    // The rest of the pixels is missing.
    let path = try folder.write(Array(bytes[..<(bytes.count - 30)]), to: "a")
    let header = try ImageFile.header(path: path)
    #expect(header.format == .png)
    #expect(header.size == PixelSize(height: 4, width: 5))
    #expect(header.channels == 3)
  }

  @Test func headerBehindLongMetadataIsRead() throws {
    let folder = try TemporaryFolder()
    var png = Self.png
    png.chunks = [PNGBytes.chunk("tEXt", [UInt8](repeating: 65, count: 100_000))]
    png.transparency = [0, 0, 0, 4, 0, 8]
    #expect(try ImageFile.header(path: folder.write(png.bytes, to: "a")).hasAlpha)
    png.chunks = [PNGBytes.chunk("tEXt", [UInt8](repeating: 65, count: ImageLimits.headerSize))]
    let message = try Self.refusal(png.bytes)
    #expect(
      message
        == "byte 59: expected at most 16777216 bytes of metadata before the pixels")
  }

  @Test func enormousImageIsRefusedByItsHeader() throws {
    var png = Self.png
    (png.width, png.height, png.samples) = (60_000, 60_000, [])
    let start = PNGBytes.signature + PNGBytes.chunk("IHDR", png.header)
    let bytes =
      start + PNGBytes.chunk("IDAT", [UInt8](repeating: 0, count: 1000))
      + PNGBytes.chunk("IEND", [])
    #expect(
      try Self.refusal(bytes) == "expected at most 268435456 pixels, received 60000x60000")
  }

  @Test func imageThatIsLargerThanItsFileAllowsIsRefused() throws {
    var png = Self.png
    (png.width, png.height, png.samples) = (4000, 1000, [])
    let bytes =
      PNGBytes.signature + PNGBytes.chunk("IHDR", png.header) + PNGBytes.chunk("IDAT", [1, 2, 3])
    #expect(
      try Self.refusal(bytes)
        == "expected at least 11628 bytes for 1000x4000 pixels, received \(bytes.count)")
  }

  @Test func wrongChecksumsAreRefused() throws {
    let (header, pixels) = (Self.png.header, PNGBytes.chunk("IDAT", PNGBytes.deflate([])))
    #expect(
      try Self.refusal(PNGBytes.signature + PNGBytes.damagedChunk("IHDR", header) + pixels)
        == "byte 29: expected the checksum of the chunk IHDR, received another: the file is damaged"
    )
    var png = Self.png
    png.chunks = [PNGBytes.damagedChunk("tEXt", Array("a\0b".utf8))]
    #expect(
      try Self.refusal(png.bytes)
        == "byte 44: expected the checksum of the chunk tEXt, received another: the file is damaged"
    )
    // The end of the pixels, and the chunk behind them.
    var bytes = Self.png.bytes
    bytes[bytes.count - 13] ^= 1
    #expect(
      try Self.decodingRefusal(bytes)
        == "a.png: byte \(bytes.count - 12): expected an intact PNG file, received "
        + "'IDAT: CRC error'")
    bytes = Self.png.bytes.dropLast(12) + PNGBytes.damagedChunk("tIME", [1, 2, 3, 4, 5, 6, 7])
    #expect(
      try Self.decodingRefusal(bytes)
        == "a.png: byte \(bytes.count): expected an intact PNG file, received 'tIME: CRC error'")
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = Self.png.bytes
    for count in 0..<bytes.count {
      let failure = failure { () throws(DataFailure) in
        var image = PixelImage<UInt8>()
        try ImageFile(Array(bytes[..<count]), name: "a.png").decode(into: &image)
      }
      #expect(failure?.message.hasPrefix("a.png: byte ") == true, "\(count) bytes")
    }
    #expect(
      try Self.decodingRefusal(Array(bytes.dropLast(12)))
        == "a.png: byte \(bytes.count - 12): expected an intact PNG file, received "
        + "'the end of the file'")
  }

  @Test func wrongPixelDataAreRefused() throws {
    func file(_ rows: [UInt8], _ png: PNGBytes = Self.png, palette: [UInt8] = []) -> [UInt8] {
      PNGBytes.signature + PNGBytes.chunk("IHDR", png.header)
        + (palette.isEmpty ? [] : PNGBytes.chunk("PLTE", palette))
        + PNGBytes.chunk("IDAT", PNGBytes.deflate(rows)) + PNGBytes.chunk("IEND", [])
    }
    let rows = [UInt8](repeating: 0, count: 4 * 16)
    #expect(try Self.decodingRefusal(file(rows)) == "")
    var png = Self.png
    png.colorType = 3
    let indices = [UInt8](repeating: 0, count: 4 * 5) + [0, 0, 2, 0]
    for (bytes, expected) in [
      (file(Array(rows.dropLast())), "'Not enough image data'"),
      (file(rows + [0]), "'IDAT: Too much image data'"),
      (file([9] + rows.dropFirst()), "'bad adaptive filter value'"),
      (file(indices, png, palette: [1, 2, 3, 4, 5, 6, 7, 8, 9]), ""),
      (file(indices, png, palette: [1, 2, 3, 4, 5, 6]), "'an index beyond the palette'"),
    ] {
      let message = try Self.decodingRefusal(bytes)
      let reason = message.split(separator: "received ").last.map(String.init) ?? ""
      #expect(reason == expected)
    }
  }

  /// Values of the header, each with its byte in IHDR, and what is wrong.
  @Test(arguments: [
    (3, 0, 16, "expected a height and a width of at least 1, received 4x0"),
    (7, 0, 20, "expected a height and a width of at least 1, received 0x5"),
    (0, 0x80, 16, "expected a height and a width of at least 1, received 4x2147483653"),
    (8, 3, 24, "expected 8, 16 bits for colour type 2, received 3"),
    (9, 5, 25, "expected a colour type of 0, 2, 3, 4 or 6, received 5"),
    (
      12, 2, 26,
      "expected the compression 0, the filter 0 and interlacing 0 or 1, received 0, 0 and 2"
    ),
  ])
  func wrongHeaderIsRefused(_ index: Int, _ value: Int, _ byte: Int, _ message: String) throws {
    var header = Self.png.header
    header[index] = UInt8(value)
    let bytes = PNGBytes.signature + PNGBytes.chunk("IHDR", header)
    #expect(try Self.refusal(bytes) == "byte \(byte): \(message)")
  }

  @Test func wrongChunksAreRefused() throws {
    let start = PNGBytes.signature + PNGBytes.chunk("IHDR", Self.png.header)
    for (bytes, message) in [
      (
        PNGBytes.signature + PNGBytes.chunk("tEXt", []),
        "byte 20: expected a chunk IHDR of 13 bytes first, received another"
      ),
      (start, "byte 33: expected the size of a chunk, received the end of the file"),
      (
        start + [0xFF, 0, 0, 0] + Array("tEXt".utf8),
        "byte 33: expected a chunk of at most 2147483647 bytes, received 4278190080"
      ),
      (
        start + [0, 0, 0, 0, 1, 2, 3, 4],
        "byte 37: expected the name of a chunk, received other bytes"
      ),
      (
        start + PNGBytes.chunk("IEND", []),
        "byte 37: expected pixels, received the end of the image"
      ),
      (
        start + [0, 0, 0, 9] + Array("tEXt".utf8) + [1],
        "byte 42: expected 9 bytes of the chunk tEXt, received the end of the file"
      ),
    ] {
      #expect(try Self.refusal(bytes) == message)
    }
  }

  @Test(
    arguments: [
      ([0xFF, 0xD8, 0xFF], "byte 3: expected a marker, received the end of the file"),
      (
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 1],
        "byte 4: expected a segment of at least 2 bytes, received 1"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 9, 1],
        "byte 7: expected a segment of 9 bytes, received the end of the file"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 3, 1, 7], "byte 7: expected a marker, received other bytes"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xFF, 0xDA],
        "byte 3: expected a segment before the size of the image, received the marker DA"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC3, 0, 8],
        "byte 2: expected a baseline or progressive JPEG file, received a file that is lossless"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC9, 0, 8],
        "byte 2: expected a baseline or progressive JPEG file, received a file that is arithmetic coded"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 8, 12, 0, 1, 0, 1, 1],
        "byte 6: expected a JPEG file of 8 bits, received 12"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 8, 8, 0, 0, 0, 1, 1],
        "byte 7: expected a height and a width of at least 1, received 0x1"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 8, 8, 0, 1, 0, 1, 2],
        "byte 11: expected 1, 3 or 4 components, received 2"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 4, 8, 0],
        "byte 6: expected a frame header of at least 8 bytes, received 4"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC2, 0, 8, 8, 0xFF, 0xFF, 0xFF, 0xFF, 3],
        "expected at most 268435456 pixels, received 65535x65535"
      ),
      (
        [0xFF, 0xD8, 0xFF, 0xC2, 0, 8, 8, 16, 0, 16, 0, 3],
        "expected at least 8192 bytes for 4096x4096 pixels, received 12"
      ),
    ] as [([UInt8], String)])
  func wrongSegmentsAreRefused(_ bytes: [UInt8], _ message: String) throws {
    #expect(try Self.refusal(bytes) == message)
  }

  /// Exif data, and what is wrong with them. A segment begins them at byte 12.
  @Test(
    arguments: [
      ([], "byte 12: expected Exif data that begin with 'II' or 'MM' and 42, received other bytes"),
      (
        [8, 0, 0],
        "byte 16: expected the offset of the first directory of the Exif data, which have 7 bytes"
      ),
      (
        [0xFF, 0xFF, 0xFF, 0xFF],
        "byte 16: expected a directory within the 8 bytes of Exif data, received the offset 4294967295"
      ),
      (
        [8, 0, 0, 0, 0xFF, 0xFF],
        "byte 22: expected 65535 entries of Exif data, received the end after 0"
      ),
      (
        [8, 0, 0, 0, 1, 0, 0x12, 1, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0],
        "byte 24: expected one orientation of type 3, received 1 of type 4"
      ),
      (
        [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 2, 0, 0, 0, 1, 0, 0, 0],
        "byte 24: expected one orientation of type 3, received 2 of type 3"
      ),
      (
        [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0],
        "byte 30: expected an orientation from 1 to 8 in the Exif data, received 9"
      ),
      ([8, 0, 0, 0, 1, 0, 0x13, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0], ""),
    ] as [([UInt8], String)])
  func wrongExifDataAreRefused(_ rest: [UInt8], _ message: String) throws {
    let data = rest.isEmpty ? Array("XX*\0".utf8) : Array("II*\0".utf8) + rest
    let content = Array("Exif\0\0".utf8) + data
    let start: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(content.count + 2)]
    let frame: [UInt8] = [0xFF, 0xC0, 0, 8, 8, 0, 1, 0, 1, 1]
    #expect(try Self.refusal(start + content + frame) == message)
  }

  @Test func exifDataOfBothByteOrdersAreRead() throws {
    let entry: [UInt8] = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0]
    let data = Array("Exif\0\0MM\0*".utf8) + [0, 0, 0, 8, 0, 1] + entry
    let start: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(data.count + 2)]
    let frame: [UInt8] = [0xFF, 0xC0, 0, 8, 8, 0, 3, 0, 7, 1]
    let header = try ImageFile(start + data + frame, name: "a").header
    #expect(header.orientation == .leftBottom)
    #expect(header.size == PixelSize(height: 7, width: 3))
    #expect(header.storedSize == PixelSize(height: 3, width: 7))
  }

  @Test func memoryIsAnnounced() throws {
    let header = try ImageFile(Self.png.bytes, name: "a").header
    let plain = header.decodingMemory(ImageDecoding(), depth: 8)
    #expect(header.decodingMemory(ImageDecoding(), depth: 16) == plain + 60)
    #expect((60..<2 << 20).contains(plain))
    let photo = try ImageFile(JPEGDecodingTests.example("4:2:0"), name: "a").header
    // The coefficients of groups of 32x32 pixels.
    #expect(photo.decodingMemory(ImageDecoding(), depth: 8) > 3 * 14 * 21 + 3 * 32 * 32 * 2)
  }
}
