/// The checksum of a whole file, stored in the file itself.
///
/// It is a ``CRC32`` in which its own eight digits count as 0.
struct FileChecksum {
  private static let (prefix, digitCount) = (CRC32.prefix, CRC32.digitCount)
  /// The placeholder that is written before the checksum is known.
  static let blank = prefix + String(repeating: "0", count: digitCount)

  /// The checksum as files store it.
  let text: String

  /// Computes the checksum of a file whose header, the first `headerEnd` bytes, contains a
  /// checksum. Nil if the header does not contain one.
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

  /// Whether a text has the length of a checksum. A damaged checksum keeps its length.
  static func isAsLong(_ text: String) -> Bool { text.utf8.count == blank.utf8.count }

  /// Replaces the first placeholder of a header with a checksum.
  static func write(_ text: String, into header: inout [UInt8]) {
    guard let place = place(in: header[...]) else {
      preconditionFailure("a file without a place for its checksum")
    }
    header.replaceSubrange(
      place..<place + digitCount, with: text.utf8.dropFirst(prefix.utf8.count))
  }

  /// The offset of the digits of the first checksum.
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
