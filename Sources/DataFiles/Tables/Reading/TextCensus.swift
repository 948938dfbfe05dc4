/// Counts the lines of a text, and finds out whether it is ASCII.
struct TextCensus {
  let lineCount: Int
  private let isASCII: Bool

  init(_ text: Span<UInt8>) {
    var lines = 0
    var bits: UInt64 = 0
    var place = 0
    let breaks = 0x0101_0101_0101_0101 &* UInt64(UInt8(ascii: "\n"))
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    while place + 8 <= text.count {
      // Each byte of the sum counts the line breaks at its place, up to 255.
      let end = min(text.count - 7, place + 8 * 255)
      var sums: UInt64 = 0
      while place < end {
        let word = text.word(at: place)
        bits |= word
        // Sets the top bit of each byte that is not a line break.
        let other = word ^ breaks
        let marks = ((other & low) &+ low) | other
        sums &+= (~marks >> 7) & 0x0101_0101_0101_0101
        place += 8
      }
      for _ in 0..<8 {
        lines += Int(truncatingIfNeeded: sums & 0xFF)
        sums >>= 8
      }
    }
    while place < text.count {
      bits |= UInt64(text[place])
      lines += text[place] == UInt8(ascii: "\n") ? 1 : 0
      place += 1
    }
    lineCount = lines
    isASCII = bits & ~low == 0
  }

  /// Returns the place of the first byte that is not UTF-8.
  func invalidPlace(_ text: Span<UInt8>) -> Int? {
    if isASCII { return nil }
    var place = 0
    while place < text.count {
      if place + 8 <= text.count, text.word(at: place) & 0x8080_8080_8080_8080 == 0 {
        place += 8
      } else if text[place] < 0x80 {
        place += 1
      } else {
        let count = TextCensus.characterLength(text, place)
        guard count > 0 else { return place }
        place += count
      }
    }
    return nil
  }

  /// Returns the number of bytes of a character beyond ASCII. 0 when it is not UTF-8.
  ///
  /// The second byte excludes longer forms than necessary, surrogates, and values beyond U+10FFFF.
  private static func characterLength(_ text: Span<UInt8>, _ place: Int) -> Int {
    let first = text[place]
    let (count, second): (Int, ClosedRange<UInt8>) =
      switch first {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0x80...0xBF)
      }
    guard count > 0, place + count <= text.count, second.contains(text[place + 1]) else {
      return 0
    }
    for index in place + 2..<place + count where text[index] & 0xC0 != 0x80 { return 0 }
    return count
  }

  /// Describes a byte that is not text.
  static func message(_ byte: UInt8, _ encoding: TextEncoding) -> String {
    encoding == .utf8
      ? "expected UTF-8 text, received the byte 0x\(String(byte, radix: 16, uppercase: true)); "
        + "'encoding' names another encoding (utf-16, latin-1)"
      : "expected \(encoding.rawValue.uppercased()) text, received half a character"
  }
}

extension Span<UInt8> {
  /// Returns the eight bytes at `place`. The first byte is the lowest.
  @inline(__always)
  func word(at place: Int) -> UInt64 {
    UInt64(
      littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
  }

  /// Whether a byte occurs.
  func contains(_ byte: UInt8) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let wanted = ones &* UInt64(byte)
    var place = 0
    while place + 8 <= count {
      let other = word(at: place) ^ wanted
      if (other &- ones) & ~other & (ones &* 0x80) != 0 { return true }
      place += 8
    }
    while place < count {
      if self[place] == byte { return true }
      place += 1
    }
    return false
  }
}
