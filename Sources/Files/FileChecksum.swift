/// A checksum over a whole file that stands in the file itself: ``CRC32``, with its own eight digits taken as 0.
struct FileChecksum {
  private static let (prefix, digitCount) = (CRC32.prefix, CRC32.digitCount)
  /// What is written in its place before it is known.
  static let blank = prefix + String(repeating: "0", count: digitCount)

  /// As files hold it.
  let text: String

  /// The checksum of a file whose first `headerEnd` bytes hold one; nil if they hold none.
  package init?(of bytes: [UInt8], headerEnd: Int) {
    guard let place = FileChecksum.place(in: bytes[..<headerEnd]) else { return nil }
    let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: FileChecksum.digitCount)
    let end = place + FileChecksum.digitCount
    var sum = CRC32()
    for part in [bytes[..<place], zeros[...], bytes[end...]] { sum.add(part) }
    text = sum.text
  }

  /// Whether a text is a checksum.
  static func isOne(_ text: String) -> Bool { isAsLong(text) && text.hasPrefix(prefix) }

  /// Whether a text may have been a checksum before a bit of it was changed, which leaves it as long.
  static func isAsLong(_ text: String) -> Bool { text.utf8.count == blank.utf8.count }

  /// Puts a checksum in the place of the first blank one of a header.
  static func write(_ text: String, into header: inout [UInt8]) {
    guard let place = place(in: header[...]) else {
      preconditionFailure("a file without a place for its checksum")
    }
    header.replaceSubrange(
      place..<place + digitCount, with: text.utf8.dropFirst(prefix.utf8.count))
  }

  /// Where the digits of the first checksum begin.
  private static func place(in bytes: ArraySlice<UInt8>) -> Int? {
    let prefix = Array("\"\(prefix)".utf8)
    var place = bytes.startIndex
    while place + prefix.count + digitCount <= bytes.endIndex {
      if bytes[place..<place + prefix.count].elementsEqual(prefix) { return place + prefix.count }
      place += 1
    }
    return nil
  }
}
