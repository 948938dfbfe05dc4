internal import DataFiles
internal import Tensors

/// Decodes and resizes images one after another, in memory that it keeps.
struct ImageReader {
  private var decoded = PixelImage<UInt8>()
  private var resized = PixelImage<UInt8>()
  private var resizer = ImageResizer()

  /// Writes an image to `target`, channels first.
  mutating func read(
    _ file: ImageFile, _ color: ImageColor, _ geometry: ImageGeometry, to target: Storage<UInt8>
  ) throws(DataFailure) {
    try file.decode(ImageDecoding(color: color), into: &decoded)
    resizer.resize(decoded, geometry, into: &resized)
    let channels = resized.channels
    let area = resized.height * resized.width
    precondition(target.count == area * channels, "an image fills its example")
    let buffer = unsafe target.buffer
    var planes = unsafe buffer.mutableSpan
    resized.withSamples { samples in
      for channel in 0..<channels {
        for pixel in 0..<area {
          planes[channel * area + pixel] = samples[pixel * channels + channel]
        }
      }
    }
  }
}
