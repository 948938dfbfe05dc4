import CZlib
import DataFiles
import Testing

/// Compares with the pixels that Pillow resizes.
@Suite struct ImageResizerTests {
  private static func image(_ size: [Int], channels: Int) -> PixelImage<UInt8> {
    PixelImage(
      size: PixelSize(height: size[0], width: size[1]), channels: channels,
      samples: ImageCases.samples(size[0] * size[1] * channels))
  }

  private static func geometry(_ example: ImageCases.Resizing) -> ImageGeometry {
    ImageGeometry(
      resizedTo: PixelSize(height: example.to[0], width: example.to[1]),
      box: example.crop.map {
        PixelBox(top: $0[0], left: $0[1], size: PixelSize(height: $0[2], width: $0[3]))
      }, isMirrored: example.mirrored)
  }

  @Test(arguments: ImageCases.all.resizing)
  func pixelsAreThoseOfPillow(_ example: ImageCases.Resizing) {
    var resizer = ImageResizer()
    var result = PixelImage<UInt8>()
    let geometry = Self.geometry(example)
    resizer.resize(
      Self.image(example.from, channels: example.channels), geometry, into: &result)
    #expect(result.size == geometry.box.size)
    if let pixels = example.pixels { #expect(result.samples == [UInt8](pixels)) }
    let sum = unsafe result.samples.withUnsafeBufferPointer { buffer in
      unsafe crc32_z(0, buffer.baseAddress, buffer.count)
    }
    #expect(sum == example.checksum)
  }

  /// Samples of 16 bits without a lower half give the same means as samples of 8 bits, up to the
  /// rounding between the passes.
  @Test(arguments: ImageCases.all.resizing)
  func samplesOf16BitsAreResizedAlike(_ example: ImageCases.Resizing) {
    let image = Self.image(example.from, channels: example.channels)
    guard let size = image.size else { return }
    let wide = PixelImage<UInt16>(
      size: size, channels: image.channels, samples: image.samples.map { UInt16($0) * 257 })
    var resizer = ImageResizer()
    var (result, expected) = (PixelImage<UInt16>(), PixelImage<UInt8>())
    resizer.resize(wide, Self.geometry(example), into: &result)
    resizer.resize(image, Self.geometry(example), into: &expected)
    #expect(result.size == expected.size)
    for (one, other) in zip(result.samples, expected.samples) {
      #expect(abs(Int(one) - Int(other) * 257) <= 257)
    }
  }

  @Test func resizerCanBeUsedAgain() {
    var resizer = ImageResizer()
    var result = PixelImage<UInt8>()
    for example in ImageCases.all.resizing.reversed() + ImageCases.all.resizing {
      let image = Self.image(example.from, channels: example.channels)
      resizer.resize(image, Self.geometry(example), into: &result)
      var (fresh, expected) = (ImageResizer(), PixelImage<UInt8>())
      fresh.resize(image, Self.geometry(example), into: &expected)
      #expect(result == expected)
    }
  }

  /// The sizes that torchvision's `Resize` computes.
  @Test(arguments: [
    (375, 500, 256, 256, 341), (500, 375, 256, 341, 256), (5, 5, 7, 7, 7), (1, 1000, 3, 3, 3000),
    (333, 500, 256, 256, 384),
  ])
  func shorterSideKeepsProportions(
    _ height: Int, _ width: Int, _ side: Int, _ resultHeight: Int, _ resultWidth: Int
  ) {
    #expect(
      PixelSize(height: height, width: width).shorterSide(side)
        == PixelSize(height: resultHeight, width: resultWidth))
  }

  /// The places that torchvision's `CenterCrop` computes: Python rounds a half to an even integer.
  @Test(arguments: [(256, 16), (341, 58), (225, 0), (227, 2), (229, 2), (224, 0)])
  func centeredBoxIsThatOfTorchvision(_ side: Int, _ start: Int) {
    let size = PixelSize(height: 224, width: 224)
    #expect(
      size.centered(in: PixelSize(height: side, width: side))
        == PixelBox(top: start, left: start, size: size))
  }
}
