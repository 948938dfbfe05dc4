/// Reads the parts of a date from left to right.
struct DateReader: ~Copyable {
  private(set) var place: Int
  let end: Int

  init(_ range: Range<Int>) {
    place = range.lowerBound
    end = range.upperBound
  }

  var isAtEnd: Bool { place == end }

  /// Returns the number of exactly `count` digits.
  @inline(__always)
  mutating func digits(_ bytes: Span<UInt8>, _ count: Int) -> Int? {
    guard end - place >= count else { return nil }
    var value = 0
    for _ in 0..<count {
      let digit = bytes[place] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value * 10 + Int(digit)
      place += 1
    }
    return value
  }

  /// Returns the number of one digit or more, but at most `most`.
  mutating func digits(_ bytes: Span<UInt8>, upTo most: Int) -> (value: Int, count: Int)? {
    var (value, count) = (0, 0)
    while place < end, count < most, bytes[place] &- UInt8(ascii: "0") <= 9 {
      value = value * 10 + Int(bytes[place] &- UInt8(ascii: "0"))
      place += 1
      count += 1
    }
    return count > 0 ? (value, count) : nil
  }

  /// Moves past `byte`. Returns false when another byte stands here.
  @inline(__always)
  mutating func take(_ bytes: Span<UInt8>, _ byte: UInt8) -> Bool {
    guard place < end, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  /// Returns the index of the name that stands here, without regard to case. The longest one wins.
  mutating func name(_ bytes: Span<UInt8>, of names: [[UInt8]]) -> Int? {
    var found: Int?
    for (index, name) in names.enumerated()
    where name.count > (found.map { names[$0].count } ?? 0) && place + name.count <= end
      && name.indices.allSatisfy({ bytes[place + $0] | 0x20 == name[$0] })
    {
      found = index
    }
    if let found { place += names[found].count }
    return found
  }

  /// Returns the digits of a fraction as a part of one. At most nine digits count.
  mutating func fraction(_ bytes: Span<UInt8>) -> Double? {
    guard let (value, count) = digits(bytes, upTo: 9) else { return nil }
    while place < end, bytes[place] &- UInt8(ascii: "0") <= 9 { place += 1 }
    var scale = 1.0
    for _ in 0..<count { scale *= 10 }
    return Double(value) / scale
  }

  /// Returns the offset of a zone from UTC in seconds: `Z`, `+01:00`, `+0100` or `+01`.
  mutating func zone(_ bytes: Span<UInt8>) -> Int? {
    if take(bytes, UInt8(ascii: "Z")) || take(bytes, UInt8(ascii: "z")) { return 0 }
    let isNegative = take(bytes, UInt8(ascii: "-"))
    guard isNegative || take(bytes, UInt8(ascii: "+")), let hours = digits(bytes, 2), hours < 24
    else { return nil }
    var minutes = 0
    if take(bytes, UInt8(ascii: ":")) {
      guard let written = digits(bytes, 2) else { return nil }
      minutes = written
    } else if !isAtEnd, let written = digits(bytes, 2) {
      minutes = written
    }
    guard minutes < 60 else { return nil }
    let offset = hours * 3600 + minutes * 60
    return isNegative ? -offset : offset
  }
}
