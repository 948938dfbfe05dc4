internal import YAML

/// Numbers in tables: `[-+]? (digits [. digits*] | . digits) ([eE] [-+]? digits)?`.
///
/// The format does not depend on the locale. It excludes infinity, NaN, hexadecimal numbers, spaces
/// and thousands separators. A table may state another decimal mark than the point.
package enum DecimalParser {
  /// Returns the double that is nearest to the number in `range`.
  ///
  /// A number beyond the range of doubles becomes infinity. The result is nil when the bytes are
  /// not a number.
  package static func parse(
    _ bytes: Span<UInt8>, _ range: Range<Int>, decimal: UInt8 = UInt8(ascii: ".")
  ) -> Double? {
    var place = range.lowerBound
    guard let value = scan(bytes, &place, range.upperBound, decimal: decimal),
      place == range.upperBound
    else { return nil }
    return value
  }

  /// Reads the longest number that begins at `place`, and moves `place` past it.
  ///
  /// Up to 19 significant digits are an integer w of 64 bits.
  ///
  /// - When a double represents w and the power of ten exactly, one multiplication or division gives
  ///   the nearest double (Clinger).
  /// - Otherwise the product of w and the 64 bits of ``PowersOfTen`` differs from the exact product
  ///   by less than 2 in its upper half. If this difference cannot change the rounding, the
  ///   rounded product is the nearest double (Eisel and Lemire).
  /// - The standard library parses the remaining numbers.
  ///
  /// References: W. D. Clinger, "How to read floating point numbers accurately", 1990; D. Lemire,
  /// "Number parsing at a gigabyte per second", 2021.
  ///
  /// - Parameter end: no byte from here on belongs to the number.
  /// - Returns: nil when no number begins at `place`, or its exponent has no digits.
  @inline(__always)
  static func scan(
    _ bytes: Span<UInt8>, _ place: inout Int, _ end: Int, decimal: UInt8
  ) -> Double? {
    guard place < end else { return nil }
    let first = bytes[place]
    let isNegative = first == UInt8(ascii: "-")
    if isNegative || first == UInt8(ascii: "+") { place += 1 }
    let start = place
    var value: UInt64 = 0
    takeDigits(bytes, &place, end, &value)
    var count = place - start
    var fraction = 0
    if place < end, bytes[place] == decimal {
      place += 1
      let point = place
      takeDigits(bytes, &place, end, &value)
      fraction = place - point
      count += fraction
    }
    guard count > 0 else { return nil }
    let lastDigit = place
    var exponent = -fraction
    if place < end, bytes[place] | 0x20 == UInt8(ascii: "e") {
      guard let written = takeExponent(bytes, &place, end) else { return nil }
      exponent += written
    }
    if count <= 19 || count - leadingZeros(bytes, start..<lastDigit, decimal) <= 19 {
      if let result = nearest(value, exponent) { return isNegative ? -result : result }
    }
    return long(bytes, start..<lastDigit, decimal, exponent, isNegative)
  }

  /// Reads digits, eight at a time, into the decimal integer `value`.
  @inline(__always)
  private static func takeDigits(
    _ bytes: Span<UInt8>, _ place: inout Int, _ end: Int, _ value: inout UInt64
  ) {
    while place + 8 <= end {
      let word = bytes.word(at: place)
      // A digit becomes 0 … 9. Adding 0x76 sets the top bit of every byte above 9.
      let digits = word ^ 0x3030_3030_3030_3030
      let marks = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
      if marks == 0 {
        value = value &* 100_000_000 &+ eightDigits(digits)
        place += 8
        continue
      }
      let count = marks.trailingZeroBitCount >> 3
      if count > 0 {
        value = value &* smallPowers[count] &+ eightDigits(digits << UInt64(64 - 8 * count))
        place += count
      }
      return
    }
    while place < end {
      let digit = bytes[place] &- UInt8(ascii: "0")
      guard digit <= 9 else { return }
      value = value &* 10 &+ UInt64(digit)
      place += 1
    }
  }

  /// Returns the integer of eight digits. The first digit is in the lowest byte.
  @inline(__always)
  private static func eightDigits(_ digits: UInt64) -> UInt64 {
    let pairs = digits &* 10 &+ digits >> 8
    let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (low &+ high) >> 32
  }

  /// The number of zeros before the first other digit.
  private static func leadingZeros(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ decimal: UInt8
  ) -> Int {
    var count = 0
    for index in range where bytes[index] != decimal {
      guard bytes[index] == UInt8(ascii: "0") else { break }
      count += 1
    }
    return count
  }

  /// Returns the power of ten after `e`. Nil when digits are missing.
  private static func takeExponent(
    _ bytes: Span<UInt8>, _ place: inout Int, _ end: Int
  ) -> Int? {
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

  /// Returns the double nearest to `value`·10^`exponent`. Nil when more precision is necessary.
  @inline(__always)
  private static func nearest(_ value: UInt64, _ exponent: Int) -> Double? {
    if value <= 1 << 53, exponent >= -22, exponent <= 22 {
      let value = Double(value)
      return exponent < 0
        ? value / exactPowers[-exponent] : value * exactPowers[exponent]
    }
    guard value > 0, PowersOfTen.range.contains(exponent) else { return value == 0 ? 0 : nil }
    let zeros = value.leadingZeroBitCount
    let power = PowersOfTen.significands[exponent - PowersOfTen.range.lowerBound]
    let product = (value << UInt64(zeros)).multipliedFullWidth(by: power).high
    // The product has 63 or 64 bits, and a double has 53.
    let dropped = product >> 63 == 1 ? 11 : 10
    let rest = product & (1 << UInt64(dropped) - 1)
    let half: UInt64 = 1 << UInt64(dropped - 1)
    guard rest != half, rest != half - 1 else { return nil }
    let significand = product >> UInt64(dropped) + (rest > half ? 1 : 0)
    let binary = 64 + dropped + PowersOfTen.exponent(exponent) - zeros
    // A significand of 2⁵³ carries into the exponent, as it should.
    return Double(
      bitPattern: UInt64(truncatingIfNeeded: binary + 1075) << 52 &+ significand &- 1 << 52)
  }

  /// Parses a number of many digits, or one near the limits of doubles or of rounding.
  private static func long(
    _ bytes: Span<UInt8>, _ digits: Range<Int>, _ decimal: UInt8, _ exponent: Int,
    _ isNegative: Bool
  ) -> Double? {
    var text = isNegative ? "-" : ""
    for index in digits where bytes[index] != decimal {
      text.unicodeScalars.append(Unicode.Scalar(bytes[index]))
    }
    return Double("\(text)e\(exponent)")
  }

  /// 10⁰ … 10⁷.
  private static let smallPowers: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000,
  ]

  /// 10⁰ … 10²², which doubles represent exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
