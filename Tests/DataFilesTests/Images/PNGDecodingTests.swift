import DataFiles
import Testing

@Suite struct PNGDecodingTests {
  /// A colour type with a depth.
  struct Kind: Sendable, CustomTestStringConvertible {
    let colorType: Int
    let depth: Int
    let isTransparent: Bool
    let isInterlaced: Bool

    var testDescription: String {
      "type \(colorType) of \(depth) bits\(isTransparent ? ", tRNS" : "")"
        + (isInterlaced ? ", interlaced" : "")
    }
  }

  static let kinds: [Kind] = [
    (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
  ].flatMap { (type: Int, depths: [Int]) in
    depths.flatMap { depth in
      [false, true].flatMap { isTransparent in
        [false, true].compactMap { isInterlaced in
          type > 3 && isTransparent
            ? nil
            : Kind(
              colorType: type, depth: depth, isTransparent: isTransparent,
              isInterlaced: isInterlaced)
        }
      }
    }
  }

  /// An image of 11x13 pixels, with all values of few bits and the greatest ones of many.
  private static func example(_ kind: Kind) -> PNGBytes {
    var png = PNGBytes(
      width: 11, height: 13, depth: kind.depth, colorType: kind.colorType,
      isInterlaced: kind.isInterlaced, samples: [])
    let greatest = 1 << kind.depth - 1
    png.samples = (0..<11 * 13 * png.components).map { (i: Int) -> Int in
      let value = i * 40503 + i / 7
      return i % 17 == 0 ? greatest : value % (greatest + 1)
    }
    if kind.colorType == 3 {
      png.palette = (0...greatest).flatMap { (i: Int) -> [UInt8] in
        [i * 37 % 256, 255 - i, i * i % 256].map { UInt8($0) }
      }
      if kind.isTransparent { png.transparency = (0...greatest / 2).map { UInt8($0 * 90 % 256) } }
    } else if kind.isTransparent {
      // The first pixel's colour is transparent.
      png.transparency = (0..<png.components).flatMap { (i: Int) -> [UInt8] in
        [UInt8(png.samples[i] >> 8), UInt8(png.samples[i] & 255)]
      }
    }
    return png
  }

  /// Returns the samples of a pixel as fractions, and its alpha. Nil without alpha.
  private static func pixel(
    _ index: Int, of png: PNGBytes, _ kind: Kind
  ) -> (colors: [Double], alpha: Double?) {
    let values = Array(png.samples[index * png.components..<(index + 1) * png.components])
    let greatest = Double(1 << kind.depth - 1)
    switch kind.colorType {
    case 3:
      let entry = values[0]
      let colors = png.palette[entry * 3..<entry * 3 + 3].map { Double($0) / 255 }
      guard kind.isTransparent else { return (colors, nil) }
      return (colors, entry < png.transparency.count ? Double(png.transparency[entry]) / 255 : 1)
    case 4, 6:
      return (
        values.dropLast().map { Double($0) / greatest }, Double(values[values.count - 1]) / greatest
      )
    default:
      let isClear = values == Array(png.samples[..<png.components])
      return (values.map { Double($0) / greatest }, kind.isTransparent ? (isClear ? 0 : 1) : nil)
    }
  }

  @Test(arguments: kinds)
  func pixelsOf16BitsAreExact(_ kind: Kind) throws {
    let png = Self.example(kind)
    var image = PixelImage<UInt16>()
    try ImageFile(png.bytes, name: "a.png").decode(into: &image)
    let expected = (0..<11 * 13).flatMap { index -> [UInt16] in
      let (colors, alpha) = Self.pixel(index, of: png, kind)
      return colors.map { color in
        let alpha = alpha ?? 1
        return UInt16((65535 * (alpha * color + 1 - alpha)).rounded())
      }
    }
    #expect(image.size == PixelSize(height: 13, width: 11))
    #expect(image.channels == ([0, 4].contains(kind.colorType) ? 1 : 3))
    #expect(image.samples == expected)
  }

  @Test(arguments: kinds)
  func pixelsOf8BitsAreRounded(_ kind: Kind) throws {
    let png = Self.example(kind)
    let file = try ImageFile(png.bytes, name: "a.png")
    var image = PixelImage<UInt8>()
    try file.decode(into: &image)
    let expected = (0..<11 * 13).flatMap { index -> [UInt8] in
      let (colors, alpha) = Self.pixel(index, of: png, kind)
      // Both the samples and alpha are rounded before they are composed.
      let rounded = alpha.map { ($0 * 255).rounded() / 255 } ?? 1
      return colors.map { color in
        UInt8((rounded * (color * 255).rounded() + (1 - rounded) * 255).rounded())
      }
    }
    #expect(image.samples == expected)
    #expect(file.header.depth == (kind.depth == 16 ? 16 : 8))
    #expect(file.header.hasAlpha == (kind.isTransparent || kind.colorType > 3))
    #expect(file.header.channels == image.channels)
  }

  @Test func alphaIsComposedOnTheBackground() throws {
    let png = PNGBytes(
      width: 3, height: 1, colorType: 6,
      samples: [200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 51])
    var image = PixelImage<UInt8>()
    let background = BackgroundColor(red: 10, green: 20, blue: 255)
    try ImageFile(png.bytes, name: "a.png")
      .decode(ImageDecoding(background: background), into: &image)
    // 51 is a fifth of 255.
    #expect(image.samples == [200, 100, 0, 10, 20, 255, 48, 36, 204])
  }

  @Test func greyTakesTheGreyOfTheBackground() throws {
    let png = PNGBytes(width: 2, height: 1, colorType: 4, samples: [100, 255, 100, 0])
    let file = try ImageFile(png.bytes, name: "a.png")
    let background = BackgroundColor(red: 255, green: 0, blue: 0)
    var image = PixelImage<UInt8>()
    try file.decode(ImageDecoding(background: background), into: &image)
    #expect(image.samples == [100, 76])
    try file.decode(ImageDecoding(color: .rgb, background: background), into: &image)
    #expect(image.samples == [100, 100, 100, 255, 0, 0])
  }

  @Test func colorsBecomeGreyWithTheWeightsOfPillow() throws {
    let colors = [
      [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [1, 2, 3], [90, 45, 200],
    ]
    let png = PNGBytes(width: 6, height: 1, samples: colors.flatMap { $0 })
    var image = PixelImage<UInt8>()
    try ImageFile(png.bytes, name: "a.png").decode(ImageDecoding(color: .gray), into: &image)
    #expect(image.channels == 1)
    #expect(image.samples == [76, 150, 29, 255, 2, 76])
  }

  @Test func memoryIsUsedAgain() throws {
    var image = PixelImage<UInt8>()
    for side in [9, 4, 7] {
      let samples = (0..<side * side * 3).map { $0 % 256 }
      let png = PNGBytes(width: side, height: side, samples: samples)
      try ImageFile(png.bytes, name: "a.png").decode(into: &image)
      #expect(image.samples == samples.map { UInt8($0) })
    }
  }

  @Test func exifChunkTurnsTheImage() throws {
    let exif: [UInt8] =
      Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
    var png = PNGBytes(width: 2, height: 1, samples: [1, 2, 3, 4, 5, 6])
    png.chunks = [PNGBytes.chunk("eXIf", exif)]
    var image = PixelImage<UInt8>()
    let file = try ImageFile(png.bytes, name: "a.png")
    try file.decode(into: &image)
    #expect(file.header.orientation == .rightTop)
    #expect(image.size == PixelSize(height: 2, width: 1))
    #expect(image.samples == [1, 2, 3, 4, 5, 6])
  }
}
