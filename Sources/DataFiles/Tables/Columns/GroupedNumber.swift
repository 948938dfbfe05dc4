/// Numbers with marks between groups of three digits: `1.234.567,8`.
enum GroupedNumber {
  /// Returns the number in `range`. Nil when it is not a number, or its groups are not of three
  /// digits. A number may also have no groups.
  static func parse(
    _ bytes: Span<UInt8>, _ range: Range<Int>, decimal: UInt8, group: UInt8
  ) -> Double? {
    var digits: [UInt8] = []
    digits.reserveCapacity(range.count)
    // The number of digits since the last mark. Nil before the first mark.
    var sinceMark: Int?
    var before = 0
    var place = range.lowerBound
    while place < range.upperBound {
      let byte = bytes[place]
      if byte == group {
        guard sinceMark ?? before == 3 || sinceMark == nil && (1...2).contains(before) else {
          return nil
        }
        sinceMark = 0
      } else if byte &- UInt8(ascii: "0") <= 9 {
        digits.append(byte)
        sinceMark = sinceMark.map { $0 + 1 }
        before += 1
      } else if before == 0, byte != decimal {
        digits.append(byte)
      } else {
        break
      }
      place += 1
    }
    guard sinceMark ?? 3 == 3 else { return nil }
    for index in place..<range.upperBound { digits.append(bytes[index]) }
    return DecimalParser.parse(digits.span, 0..<digits.count, decimal: decimal)
  }
}
