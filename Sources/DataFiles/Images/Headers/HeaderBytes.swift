/// Reads the first bytes of an image file in order. All numbers are big endian.
struct HeaderBytes {
  private let bytes: [UInt8]
  /// Whether the bytes are the whole file.
  private let isWhole: Bool
  /// The offset of the next byte.
  private(set) var place = 0

  init(_ bytes: [UInt8], isWhole: Bool) {
    self.bytes = bytes
    self.isWhole = isWhole
  }

  /// Returns the next `count` bytes.
  ///
  /// - Parameter expected: the bytes as messages name them: `the size of a chunk`.
  mutating func take(_ count: Int, _ expected: String) throws(HeaderStop) -> ArraySlice<UInt8> {
    guard count <= ImageLimits.headerSize - place else {
      throw mistake(
        "expected at most \(ImageLimits.headerSize) bytes of metadata before the pixels")
    }
    guard count <= bytes.count - place else {
      guard isWhole else { throw .needsMoreBytes }
      throw .mistake(
        HeaderMistake(at: bytes.count, "expected \(expected), received the end of the file"))
    }
    place += count
    return bytes[place - count..<place]
  }

  /// Returns the next bytes as a number. They are four at most.
  mutating func number(bytes count: Int, _ expected: String) throws(HeaderStop) -> Int {
    try take(count, expected).reduce(0) { $0 << 8 | Int($1) }
  }

  /// Returns a mistake at the next byte, or `back` bytes before it.
  func mistake(_ message: String, back: Int = 0) -> HeaderStop {
    .mistake(HeaderMistake(at: place - back, message))
  }
}
