/// The pixels of an image, of shape [height, width, channels] in row-major order.
///
/// There are 1 channel (grey) or 3 channels (red, green, blue). The memory stays allocated when the
/// image is overwritten by a smaller one, so that a loader can use one image again and again.
package struct PixelImage<Sample: PixelSample>: Sendable {
  /// The size. Nil before the first image.
  package private(set) var size: PixelSize?
  package private(set) var channels = 0
  /// The samples, and at least ``padding`` more.
  private var storage: [Sample] = []

  /// Vectors may read and write this many samples behind the last one.
  static var padding: Int { 32 }

  package init() {}

  package init(size: PixelSize, channels: Int, samples: [Sample]) {
    precondition(samples.count == size.count * channels, "an image of another size")
    self.size = size
    self.channels = channels
    storage = samples + [Sample](repeating: 0, count: PixelImage.padding)
  }

  package var height: Int { size?.height ?? 0 }
  package var width: Int { size?.width ?? 0 }
  /// The number of samples: height · width · channels.
  package var count: Int { height * width * channels }

  /// A copy of the samples.
  package var samples: [Sample] { Array(storage[..<count]) }

  /// Calls `body` with the samples.
  package func withSamples<Result>(_ body: (Span<Sample>) -> Result) -> Result {
    body(storage.span.extracting(0..<count))
  }

  /// Gives the image another size. Its samples then have any values.
  mutating func reshape(_ size: PixelSize, channels: Int) {
    self.size = size
    self.channels = channels
    reserve(count)
  }

  /// Makes the storage hold at least `count` samples and the padding.
  private mutating func reserve(_ count: Int) {
    // A new array, because growing would copy samples that are overwritten anyway.
    let needed = count + PixelImage.padding
    if storage.count < needed { storage = [Sample](repeating: 0, count: needed) }
  }

  /// Fills the storage with `components` samples a pixel, and converts them in place.
  ///
  /// The image is empty when `body` throws.
  ///
  /// - Parameters:
  ///   - components: the samples of a pixel before the conversion, at least `channels`.
  ///   - body: writes the samples and converts them to `channels` a pixel.
  mutating func fill<Failure: Error>(
    _ size: PixelSize, channels: Int, components: Int,
    _ body: (inout [Sample]) throws(Failure) -> Void
  ) throws(Failure) {
    self.size = nil
    reserve(size.count * components)
    try body(&storage)
    self.size = size
    self.channels = channels
  }

  /// Shows the stored pixels as `orientation` states.
  mutating func orient(_ orientation: ImageOrientation) {
    guard let stored = size, orientation != .topLeft else { return }
    let samples = orientation.shown(storage, of: stored, channels: channels)
    self = PixelImage(size: orientation.shown(stored), channels: channels, samples: samples)
  }

  /// Copies an image of 8 bits. 255 becomes the greatest sample.
  mutating func widen(_ image: PixelImage<UInt8>) {
    guard let size = image.size else { return }
    reshape(size, channels: image.channels)
    for index in 0..<count { storage[index] = image.storage[index].widened() }
  }

  /// Calls `body` with the address of the samples and of the padding behind them.
  func withAddress<Result>(_ body: (UnsafePointer<Sample>) -> Result) -> Result? {
    unsafe storage.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe body($0) }
    }
  }

  /// Calls `body` with the address of the samples and of the padding behind them, for writing.
  mutating func withMutableAddress<Result>(
    _ body: (UnsafeMutablePointer<Sample>) -> Result
  ) -> Result? {
    unsafe storage.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe body($0) }
    }
  }
}

extension PixelImage: Equatable {
  package static func == (one: PixelImage, other: PixelImage) -> Bool {
    one.size == other.size && one.channels == other.channels
      && one.storage[..<one.count] == other.storage[..<other.count]
  }
}
