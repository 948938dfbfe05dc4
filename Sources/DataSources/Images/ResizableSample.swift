internal import DataFiles

/// A type of samples that images are decoded to and resized in.
protocol ResizableSample: PixelSample {
  static func decode(
    _ file: ImageFile, _ decoding: ImageDecoding, into image: inout PixelImage<Self>
  ) throws(DataFailure)

  static func resize(
    _ image: PixelImage<Self>, _ geometry: ImageGeometry, _ resizer: inout ImageResizer,
    into target: inout PixelImage<Self>)

  /// Copies an image, channels first.
  static func copy(_ image: PixelImage<Self>, to values: inout ExampleValues)
}

extension UInt8: ResizableSample {
  static func decode(
    _ file: ImageFile, _ decoding: ImageDecoding, into image: inout PixelImage<UInt8>
  ) throws(DataFailure) {
    try file.decode(decoding, into: &image)
  }

  static func resize(
    _ image: PixelImage<UInt8>, _ geometry: ImageGeometry, _ resizer: inout ImageResizer,
    into target: inout PixelImage<UInt8>
  ) {
    resizer.resize(image, geometry, into: &target)
  }

  static func copy(_ image: PixelImage<UInt8>, to values: inout ExampleValues) {
    values.copy(image)
  }
}

extension UInt16: ResizableSample {
  static func decode(
    _ file: ImageFile, _ decoding: ImageDecoding, into image: inout PixelImage<UInt16>
  ) throws(DataFailure) {
    try file.decode(decoding, into: &image)
  }

  static func resize(
    _ image: PixelImage<UInt16>, _ geometry: ImageGeometry, _ resizer: inout ImageResizer,
    into target: inout PixelImage<UInt16>
  ) {
    resizer.resize(image, geometry, into: &target)
  }

  static func copy(_ image: PixelImage<UInt16>, to values: inout ExampleValues) {
    values.copy(image)
  }
}
