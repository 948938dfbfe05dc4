internal import Fields

/// The channels that an image is converted to.
package enum ImageColor: String, Sendable, CaseIterable {
  /// Red, green and blue. A grey image has the same value in each.
  case rgb
  /// One channel: 0.299·red + 0.587·green + 0.114·blue, as Pillow's mode `L` (ITU-R BT.601).
  case gray

  /// Returns the grey value of a colour, rounded to the nearest integer.
  ///
  /// The weights are multiples of 2⁻¹⁶ whose sum is 1.
  @inline(__always)
  static func gray<Sample: PixelSample>(_ red: Sample, _ green: Sample, _ blue: Sample) -> Sample {
    // The sum is below 2³² for samples of 16 bits.
    let sum =
      UInt32(truncatingIfNeeded: red) &* 19595 &+ UInt32(truncatingIfNeeded: green) &* 38470
      &+ UInt32(truncatingIfNeeded: blue) &* 7471 &+ 0x8000
    return Sample(truncatingIfNeeded: sum >> 16)
  }
}

extension ImageColor: FieldChoice {}
