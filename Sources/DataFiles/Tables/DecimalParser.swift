internal import YAML

/// Numbers in tables: `[-+]? (digits [. digits*] | . digits) ([eE] [-+]? digits)?`.
///
/// The format does not depend on the locale. It excludes infinity, NaN, hexadecimal numbers, spaces
/// and thousands separators.
package enum DecimalParser {
  /// Returns the double that is nearest to the number in `range`.
  ///
  /// A number beyond the range of doubles becomes infinity. The result is nil when the bytes are
  /// not a number. A number of up to 15 digits with a small exponent needs only one multiplication
  /// or division of exact doubles. The standard library parses all other numbers.
  ///
  /// Reference: W. D. Clinger, "How to read floating point numbers accurately", 1990.
  package static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    var place = range.lowerBound
    let end = range.upperBound
    let isNegative = place < end && bytes[place] == UInt8(ascii: "-")
    if isNegative || (place < end && bytes[place] == UInt8(ascii: "+")) { place += 1 }

    let firstDigit = place
    var digits = Digits()
    digits.take(bytes, &place, end)
    var fraction = 0
    if place < end, bytes[place] == UInt8(ascii: ".") {
      place += 1
      let whole = digits.count
      digits.take(bytes, &place, end)
      fraction = digits.count - whole
    }
    guard digits.count > 0 else { return nil }
    let lastDigit = place
    guard let written = exponent(bytes, &place, end), place == end else { return nil }
    let exponent = written - fraction

    if digits.isExact, abs(exponent) <= 22 {
      let value = Double(digits.value)
      let scaled =
        exponent < 0 ? value / powersOfTen[-exponent] : value * powersOfTen[exponent]
      return isNegative ? -scaled : scaled
    }
    var text = isNegative ? "-" : ""
    for index in firstDigit..<lastDigit where bytes[index] != UInt8(ascii: ".") {
      text.unicodeScalars.append(Unicode.Scalar(bytes[index]))
    }
    return Double("\(text)e\(exponent)")
  }

  /// The digits of a number, up to the limit of 64 bits.
  private struct Digits {
    var value: UInt64 = 0
    var count = 0
    /// The number of digits from the first digit that is not zero.
    var significant = 0

    mutating func take(_ bytes: Span<UInt8>, _ place: inout Int, _ end: Int) {
      while place < end {
        let digit = bytes[place] &- UInt8(ascii: "0")
        guard digit <= 9 else { return }
        value = value &* 10 &+ UInt64(digit)
        if value > 0 || significant > 0 { significant += 1 }
        count += 1
        place += 1
      }
    }

    /// Whether a double represents the value exactly.
    var isExact: Bool { significant <= 18 && value <= 1 << 53 }
  }

  /// Returns the power of ten after `e`. 0 without an `e`, nil when digits are missing.
  private static func exponent(_ bytes: Span<UInt8>, _ place: inout Int, _ end: Int) -> Int? {
    guard place < end, bytes[place] | 0x20 == UInt8(ascii: "e") else { return 0 }
    place += 1
    let isNegative = place < end && bytes[place] == UInt8(ascii: "-")
    if isNegative || (place < end && bytes[place] == UInt8(ascii: "+")) { place += 1 }
    let first = place
    var value = 0
    while place < end {
      let digit = bytes[place] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      // The limit exceeds the number of digits that a file can hold.
      value = min(value * 10 + Int(digit), 1 << 40)
      place += 1
    }
    guard place > first else { return nil }
    return isNegative ? -value : value
  }

  /// 10⁰ … 10²², which doubles represent exactly.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
