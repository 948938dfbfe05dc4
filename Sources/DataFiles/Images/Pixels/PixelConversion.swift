/// Conversions of the channels of pixels in place.
enum PixelConversion {
  /// Composes pixels with alpha on a background: (α·colour + (max − α)·background) / max, rounded to
  /// the nearest integer.
  ///
  /// - Parameters:
  ///   - samples: `count` pixels of the background's channels and alpha. Afterwards they have no alpha.
  ///   - background: 1 or 3 samples.
  static func compose<Sample: PixelSample>(
    _ samples: inout [Sample], count: Int, on background: [Sample]
  ) {
    let channels = background.count
    var samples = samples.mutableSpan
    let greatest = UInt32(truncatingIfNeeded: Sample.max)
    for pixel in 0..<count {
      let source = pixel * (channels + 1)
      let alpha = UInt32(truncatingIfNeeded: samples[source + channels])
      for channel in 0..<channels {
        // The sum is below 2³² for samples of 16 bits.
        let sum =
          alpha &* UInt32(truncatingIfNeeded: samples[source + channel])
          &+ (greatest &- alpha) &* UInt32(truncatingIfNeeded: background[channel])
        let value = (sum &+ greatest / 2) / greatest
        samples[pixel * channels + channel] = Sample(truncatingIfNeeded: value)
      }
    }
  }

  /// Converts pixels of red, green and blue to grey: see ``ImageColor/gray``.
  static func convertToGray<Sample: PixelSample>(_ samples: inout [Sample], count: Int) {
    var samples = samples.mutableSpan
    for pixel in 0..<count {
      let source = pixel * 3
      samples[pixel] = ImageColor.gray(samples[source], samples[source + 1], samples[source + 2])
    }
  }

  /// Converts pixels of inverted CMYK to red, green and blue: each is ink · black / 255, rounded to
  /// the nearest integer.
  ///
  /// JPEG files store 255 where there is no ink, as Adobe's programs do. Pillow reads them in the
  /// same way.
  static func convertFromCMYK(_ samples: inout [UInt8], count: Int) {
    var samples = samples.mutableSpan
    for pixel in 0..<count {
      let source = pixel * 4
      let black = UInt16(samples[source + 3])
      for channel in 0..<3 {
        let ink = 255 &- UInt16(samples[source + channel])
        // Pillow's order of rounding: the share of the ink is subtracted from the black.
        let product = ink &* black &+ 128
        let share = (product >> 8 &+ product) >> 8
        samples[pixel * 3 + channel] = UInt8(truncatingIfNeeded: black &- share)
      }
    }
  }
}
