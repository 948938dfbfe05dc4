/// A part of a ZIP archive. All numbers are little endian.
struct ZipBytes {
  let bytes: [UInt8]
  /// The offset of the first byte in the archive.
  let start: Int

  /// Returns `count` bytes at a place of the part.
  ///
  /// - Parameter subject: the bytes as messages name them.
  func take(
    _ count: Int, at place: Int, _ subject: String
  ) throws(HeaderMistake) -> ArraySlice<UInt8> {
    guard place >= 0, count >= 0, place <= bytes.count, count <= bytes.count - place else {
      throw mistake(place, "expected \(subject), received the end of the archive's directory")
    }
    return bytes[place..<place + count]
  }

  /// Returns the number of `count` bytes, at most eight, at a place of the part.
  func number(
    _ count: Int, at place: Int, _ subject: String
  ) throws(HeaderMistake) -> Int {
    let value = try take(count, at: place, subject).reversed().reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    guard let number = Int(exactly: value) else {
      throw mistake(place, "expected \(subject) below 2^63, received \(value)")
    }
    return number
  }

  /// Returns a mistake at a place of the part.
  func mistake(_ place: Int, _ message: String) -> HeaderMistake {
    HeaderMistake(at: start + place, message)
  }
}
