/// The limits for image files. They are checked before memory is allocated. A file may have as many
/// bytes as every other data file.
package enum ImageLimits {
  /// The greatest number of pixels of an image: 2²⁸, say 16384×16384.
  package static let pixelCount = 1 << 28
  /// The greatest height and the greatest width of an image: 2²⁰.
  package static let sideLength = 1 << 20
  /// The greatest number of bytes before the pixels: 16 MiB of metadata.
  package static let headerSize = 1 << 24
  /// The greatest number of scans of a JPEG file. Cameras and web servers write about 10.
  package static let scanCount = 100
  /// A file or an image of at most this many bytes is read without a look at the free memory, which
  /// takes about as long as decoding a small image: 64 MiB.
  static let unannouncedMemory = 1 << 26
}
