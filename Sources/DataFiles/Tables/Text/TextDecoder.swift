/// Converts the bytes of a file to UTF-8, piece by piece.
///
/// UTF-8 stays as it is. The reader checks it, because the checked text shows the row of a mistake.
struct TextDecoder {
  let encoding: TextEncoding
  /// The bytes of an incomplete character at the end of the last piece.
  private var rest: [UInt8] = []

  init(_ encoding: TextEncoding) { self.encoding = encoding }

  /// Appends the text of `bytes` to `text`. An unpaired surrogate becomes the byte 0xFF, which is
  /// not UTF-8. The reader then refuses it with its row.
  ///
  /// - Parameter isLast: whether the file ends after `bytes`.
  mutating func decode(_ bytes: Span<UInt8>, isLast: Bool, to text: inout [UInt8]) {
    switch encoding {
    case .utf8: appendAll(bytes, to: &text)
    case .latin1:
      text.reserveCapacity(text.count + bytes.count)
      for index in bytes.indices { TextDecoder.append(UInt32(bytes[index]), to: &text) }
    case .utf16, .utf16LittleEndian: decodeUnits(bytes, isLast, to: &text) { $0 | $1 << 8 }
    case .utf16BigEndian: decodeUnits(bytes, isLast, to: &text) { $0 << 8 | $1 }
    }
  }

  private func appendAll(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
  }

  /// - Parameter unit: joins the two bytes of a unit in file order.
  private mutating func decodeUnits(
    _ bytes: Span<UInt8>, _ isLast: Bool, to text: inout [UInt8],
    _ unit: (UInt32, UInt32) -> UInt32
  ) {
    var all = rest
    appendAll(bytes, to: &all)
    var place = 0
    while place + 2 <= all.count {
      let high = unit(UInt32(all[place]), UInt32(all[place + 1]))
      guard (0xD800..<0xE000).contains(high) else {
        TextDecoder.append(high, to: &text)
        place += 2
        continue
      }
      guard place + 4 <= all.count || isLast else { break }
      let low =
        place + 4 <= all.count ? unit(UInt32(all[place + 2]), UInt32(all[place + 3])) : 0
      if high < 0xDC00, (0xDC00..<0xE000).contains(low) {
        TextDecoder.append(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), to: &text)
        place += 4
      } else {
        text.append(0xFF)
        place += 2
      }
    }
    rest = Array(all[place...])
    if isLast, !rest.isEmpty { text.append(0xFF) }
  }

  /// Appends a scalar value in UTF-8.
  private static func append(_ value: UInt32, to text: inout [UInt8]) {
    func byte(_ bits: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: bits) }
    switch value {
    case 0..<0x80: text.append(byte(value))
    case 0x80..<0x800:
      text.append(byte(0xC0 | value >> 6))
      text.append(byte(0x80 | value & 0x3F))
    case 0x800..<0x10000:
      text.append(byte(0xE0 | value >> 12))
      text.append(byte(0x80 | value >> 6 & 0x3F))
      text.append(byte(0x80 | value & 0x3F))
    default:
      text.append(byte(0xF0 | value >> 18))
      text.append(byte(0x80 | value >> 12 & 0x3F))
      text.append(byte(0x80 | value >> 6 & 0x3F))
      text.append(byte(0x80 | value & 0x3F))
    }
  }
}
