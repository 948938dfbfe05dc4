/// The colour behind the transparent pixels of an image.
package struct BackgroundColor: Equatable, Sendable {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// The default: the colour of paper.
  package static let white = BackgroundColor(red: 255, green: 255, blue: 255)

  /// The channels as samples: 1 (the grey value) or 3.
  func samples<Sample: PixelSample>(channels: Int) -> [Sample] {
    let values = channels == 1 ? [ImageColor.gray(red, green, blue)] : [red, green, blue]
    return values.map { $0.widened() }
  }
}

extension UInt8 {
  /// Returns the same brightness as a sample of 8 or 16 bits: 255 becomes 65535.
  @inline(__always)
  func widened<Sample: PixelSample>() -> Sample {
    Sample(truncatingIfNeeded: UInt16(self) &* 257)
  }
}
