/// A pattern of names in which a star stands for any text: `x*`, `*_id`.
struct NamePattern {
  private let parts: [[UInt8]]

  init(_ text: String) {
    parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
      .map(Array.init)
  }

  /// Whether the whole name matches.
  ///
  /// Each part is taken where it first occurs, so that the time is at most the product of both
  /// lengths.
  func matches(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let first = parts.first, let last = parts.last, parts.count > 1 else {
      return parts.first == bytes
    }
    guard bytes.count >= first.count + last.count, bytes.starts(with: first),
      bytes.suffix(last.count).elementsEqual(last)
    else { return false }
    var place = first.count
    let end = bytes.count - last.count
    for part in parts.dropFirst().dropLast() {
      while place + part.count <= end,
        !bytes[place..<place + part.count].elementsEqual(part)
      { place += 1 }
      guard place + part.count <= end else { return false }
      place += part.count
    }
    return true
  }
}
