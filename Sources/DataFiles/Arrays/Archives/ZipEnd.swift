/// The record at the end of a ZIP archive, which says where the directory lies.
///
/// An archive with large numbers (zip64) has a second record of this kind, which a locator precedes.
///
/// Reference: PKWARE, ".ZIP File Format Specification", version 6.3.10, 2022, sections 4.3.14 to 4.3.16.
struct ZipEnd: Equatable {
  /// The offset and the size of the directory in bytes, and the number of its entries.
  let offset: Int
  let size: Int
  let count: Int

  private static let recordSize = 22
  private static let largeRecordSize = 56
  private static let locatorSize = 20
  /// The greatest size of the comment at the end of an archive.
  private static let commentLimit = 0xFFFF
  private static let signature: [UInt8] = [0x50, 0x4B, 5, 6]
  private static let largeSignature: [UInt8] = [0x50, 0x4B, 6, 6]
  private static let locatorSignature: [UInt8] = [0x50, 0x4B, 6, 7]

  /// Returns the number of bytes at the end of a file that contain the records.
  static var tailSize: Int { recordSize + commentLimit + locatorSize + largeRecordSize }

  /// Reads the records.
  ///
  /// - Parameter tail: the last ``tailSize`` bytes of the archive, or all of it.
  init(_ tail: ZipBytes) throws(HeaderMistake) {
    guard let place = ZipEnd.place(in: tail.bytes) else {
      throw tail.mistake(
        tail.bytes.count, "expected the directory of a ZIP archive at the end, received none")
    }
    func number(_ offset: Int, _ count: Int) throws(HeaderMistake) -> Int {
      try tail.number(count, at: place + offset, "a number")
    }
    guard try number(4, 2) == 0, try number(6, 2) == 0, try number(8, 2) == number(10, 2) else {
      throw tail.mistake(place + 4, "expected an archive of one part, received one of several")
    }
    let locator = place - ZipEnd.locatorSize
    let isLarge = locator >= 0 && tail.bytes[locator...].starts(with: ZipEnd.locatorSignature)
    let end: Int
    if isLarge {
      let record = locator - ZipEnd.largeRecordSize
      guard record >= 0, tail.bytes[record...].starts(with: ZipEnd.largeSignature),
        try tail.number(8, at: locator + 8, "an offset") == tail.start + record,
        try tail.number(8, at: record + 4, "a size") == ZipEnd.largeRecordSize - 12,
        try tail.number(8, at: record + 24, "a count") == tail.number(8, at: record + 32, "a count")
      else {
        throw tail.mistake(
          locator, "expected a zip64 record of \(ZipEnd.largeRecordSize) bytes before its locator")
      }
      count = try tail.number(8, at: record + 32, "the number of files")
      size = try tail.number(8, at: record + 40, "the size of the directory")
      offset = try tail.number(8, at: record + 48, "the offset of the directory")
      end = tail.start + record
    } else {
      (count, size, offset) = try (number(10, 2), number(12, 4), number(16, 4))
      end = tail.start + place
    }
    guard offset <= end, size == end - offset else {
      throw tail.mistake(
        place + 12,
        "expected a directory that ends at byte \(end), received \(size) bytes at byte \(offset)")
    }
  }

  /// Returns the place of the last record, whose comment ends with the archive.
  private static func place(in bytes: [UInt8]) -> Int? {
    var place = bytes.count - recordSize
    while place >= 0, place >= bytes.count - recordSize - commentLimit {
      if bytes[place...].starts(with: signature) {
        let comment = Int(bytes[place + 20]) | Int(bytes[place + 21]) << 8
        if place + recordSize + comment == bytes.count { return place }
      }
      place -= 1
    }
    return nil
  }
}
