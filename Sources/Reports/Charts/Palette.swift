internal import YAML

/// The colours of lines and classes, which colour-blind readers can distinguish.
///
/// The eight hues are Okabe and Ito's, with grey instead of black, which a dark page would hide.
/// Further colours repeat the hues, first darker and then lighter.
///
/// Reference: M. Okabe, K. Ito, "Color universal design: how to make figures and presentations that
/// are friendly to colorblind people", 2008.
package struct Palette: Sendable {
  /// The number of different colours.
  package static let count = 3 * hues.count

  private static let hues: [SIMD3<Int>] = [
    SIMD3(0x00, 0x72, 0xB2),  // blue
    SIMD3(0xD5, 0x5E, 0x00),  // vermilion
    SIMD3(0x00, 0x9E, 0x73),  // bluish green
    SIMD3(0xE6, 0x9F, 0x00),  // orange
    SIMD3(0xCC, 0x79, 0xA7),  // reddish purple
    SIMD3(0x56, 0xB4, 0xE9),  // sky blue
    SIMD3(0xF0, 0xE4, 0x42),  // yellow
    SIMD3(0x76, 0x76, 0x76),
  ]

  private static let black = SIMD3(0, 0, 0)
  private static let white = SIMD3(255, 255, 255)

  /// The colour on a light background, as `#0072B2`.
  package static func light(_ index: Int) -> String { hexadecimal(color(index)) }

  /// The same hue on a dark background.
  package static func dark(_ index: Int) -> String {
    hexadecimal(mix(color(index), white, percent: 20))
  }

  private static func color(_ index: Int) -> SIMD3<Int> {
    let hue = hues[index % hues.count]
    return switch index / hues.count % 3 {
    case 0: hue
    case 1: mix(hue, black, percent: 40)
    default: mix(hue, white, percent: 45)
    }
  }

  private static func mix(_ color: SIMD3<Int>, _ other: SIMD3<Int>, percent: Int) -> SIMD3<Int> {
    (color &* (100 - percent) &+ other &* percent) / 100
  }

  private static func hexadecimal(_ color: SIMD3<Int>) -> String {
    "#" + (color.x << 16 | color.y << 8 | color.z).digits(6, radix: 16, uppercase: true)
  }
}
