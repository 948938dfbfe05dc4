internal import DataFiles
internal import YAML

/// Image files as the examples of a tensor, of shape [channels, height, width].
///
/// A file is decoded when a batch needs it. It may have any size, which the transforms make equal.
struct ImageFiles: ExampleReader {
  let paths: [String]
  /// The checksums of the files, which were read with their headers. Nil to read them when needed.
  var checksums: [UInt64]?
  let color: ImageColor
  let depth: ImageDepth
  /// Whether large JPEG files are decoded at a smaller size before they are resized.
  let reduces: Bool

  var count: Int { paths.count }
  var hasOneShape: Bool { false }
  var isExact: Bool { true }

  func name(of index: Int) -> String { paths[index].quotable }

  func makeCursor() -> any ExampleCursor {
    switch depth {
    case .eight: ImageCursor<UInt8>(self)
    case .sixteen: ImageCursor<UInt16>(self)
    }
  }
}

/// Decodes and resizes images one after another, in memory that it keeps.
private final class ImageCursor<Sample: ResizableSample>: ExampleCursor {
  private let files: ImageFiles
  private var decoded = PixelImage<Sample>()
  private var resized = PixelImage<Sample>()
  private var resizer = ImageResizer()

  init(_ files: ImageFiles) { self.files = files }

  func checksum(of index: Int) throws(DataFailure) -> UInt64 {
    if let checksums = files.checksums { return checksums[index] }
    return try ImageFile.checksum(path: files.paths[index])
  }

  func readNumbers(_ index: Int, into numbers: inout [Double]) throws(DataFailure) {
    var values = ExampleValues()
    try read(index, nil, into: &values)
    numbers = values.withValues { span in span.indices.map { Double(span[$0]) } }
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
    var decoding = ImageDecoding(color: files.color)
    // An image of twice the size has all frequencies that the resized image can show.
    if files.reduces {
      decoding.sufficientSize = PixelSize(
        height: 2 * geometry.size.height, width: 2 * geometry.size.width)
    }
    try Sample.decode(file, decoding, into: &decoded)
    guard decoded.size != geometry.size || geometry != ImageGeometry(resizedTo: geometry.size)
    else {
      Sample.copy(decoded, to: &values)
      return
    }
    Sample.resize(decoded, geometry, &resizer, into: &resized)
    Sample.copy(resized, to: &values)
  }
}
