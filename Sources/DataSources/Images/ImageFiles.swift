internal import DataFiles
internal import YAML

/// Image files as the examples of a tensor, of shape [channels, height, width] with values 0 … 255.
///
/// A file is decoded when a batch needs it. It may have any size, which the transforms make equal.
struct ImageFiles: ExampleReader {
  let paths: [String]
  let color: ImageColor

  var count: Int { paths.count }
  var hasOneShape: Bool { false }

  func name(of index: Int) -> String { paths[index].quotable }

  func makeCursor() -> any ExampleCursor { Cursor(files: self) }

  /// Decodes and resizes images one after another, in memory that it keeps.
  private final class Cursor: ExampleCursor {
    let files: ImageFiles
    private var decoded = PixelImage<UInt8>()
    private var resized = PixelImage<UInt8>()
    private var resizer = ImageResizer()

    init(files: ImageFiles) { self.files = files }

    func checksum(of index: Int) throws(DataFailure) -> UInt64 {
      try ImageFile.checksum(path: files.paths[index])
    }

    func read(
      _ index: Int, _ fit: ImageFit?, into values: inout ExampleValues
    ) throws(DataFailure) {
      let path = files.paths[index]
      let file = try ImageFile(path: path)
      let size = file.header.size
      guard let geometry = fit.map({ $0(size) }) ?? ImageGeometry(resizedTo: size) else {
        throw .content(
          "\(path.quotable): expected an image that is not smaller than its crop, received "
            + "\(size.description) pixels")
      }
      try file.decode(ImageDecoding(color: files.color), into: &decoded)
      guard geometry != ImageGeometry(resizedTo: size) else {
        Cursor.copy(decoded, to: &values)
        return
      }
      resizer.resize(decoded, geometry, into: &resized)
      Cursor.copy(resized, to: &values)
    }

    /// Copies an image, channels first.
    private static func copy(_ image: PixelImage<UInt8>, to values: inout ExampleValues) {
      let (channels, area) = (image.channels, image.height * image.width)
      values.reshape(channels: channels, height: image.height, width: image.width)
      values.withMutableValues { planes in
        image.withSamples { samples in
          for channel in 0..<channels {
            for pixel in 0..<area {
              planes[channel * area + pixel] = Float(samples[pixel * channels + channel])
            }
          }
        }
      }
    }
  }
}
