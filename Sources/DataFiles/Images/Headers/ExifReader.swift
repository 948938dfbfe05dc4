/// Reads the orientation from Exif data: a TIFF header and its first directory.
///
/// Nothing outside the given bytes is read, and no other tag.
///
/// References: CIPA DC-008, "Exchangeable image file format for digital still cameras: Exif"; Adobe,
/// "TIFF", revision 6.0, 1992.
struct ExifReader {
  private let bytes: ArraySlice<UInt8>
  /// The offset of the first byte in the file.
  private let start: Int
  private let isBigEndian: Bool

  private static let orientationTag = 0x0112
  private static let shortType = 3
  private static let entrySize = 12

  /// Returns the orientation that the data state. `topLeft` when they state none.
  ///
  /// - Parameters:
  ///   - bytes: the data from the TIFF header on.
  ///   - start: the offset of the first byte in the file.
  static func orientation(
    _ bytes: ArraySlice<UInt8>, at start: Int
  ) throws(HeaderMistake) -> ImageOrientation {
    try ExifReader(bytes, at: start).orientation()
  }

  private init(_ bytes: ArraySlice<UInt8>, at start: Int) throws(HeaderMistake) {
    let isBigEndian = bytes.starts(with: "MM\0*".utf8)
    guard isBigEndian || bytes.starts(with: "II*\0".utf8) else {
      throw HeaderMistake(
        at: start, "expected Exif data that begin with 'II' or 'MM' and 42, received other bytes")
    }
    self.bytes = bytes
    self.start = start
    self.isBigEndian = isBigEndian
  }

  private func orientation() throws(HeaderMistake) -> ImageOrientation {
    let directory = try number(4, at: 4, "the offset of the first directory")
    guard directory <= bytes.count else {
      throw mistake(
        4,
        "expected a directory within the \(bytes.count) bytes of Exif data, received the offset "
          + "\(directory)")
    }
    let count = try number(2, at: directory, "the first directory")
    for entry in 0..<count {
      let place = directory + 2 + entry * ExifReader.entrySize
      guard place <= bytes.count - ExifReader.entrySize else {
        throw mistake(
          place, "expected \(count) entries of Exif data, received the end after \(entry)")
      }
      if try number(2, at: place, "a tag") == ExifReader.orientationTag {
        return try orientation(entry: place)
      }
    }
    return .topLeft
  }

  private func orientation(entry place: Int) throws(HeaderMistake) -> ImageOrientation {
    let type = try number(2, at: place + 2, "a type")
    let count = try number(4, at: place + 4, "a count")
    guard type == ExifReader.shortType, count == 1 else {
      throw mistake(
        place + 2, "expected one orientation of type 3, received \(count) of type \(type)")
    }
    let value = try number(2, at: place + 8, "an orientation")
    guard let orientation = ImageOrientation(rawValue: value) else {
      throw mistake(
        place + 8, "expected an orientation from 1 to 8 in the Exif data, received \(value)")
    }
    return orientation
  }

  /// Returns the number of `count` bytes at an offset in the data.
  private func number(
    _ count: Int, at place: Int, _ expected: String
  ) throws(HeaderMistake) -> Int {
    guard place <= bytes.count - count else {
      throw mistake(place, "expected \(expected) of the Exif data, which have \(bytes.count) bytes")
    }
    let first = bytes.startIndex + place
    let number = bytes[first..<first + count]
    return isBigEndian
      ? number.reduce(0) { $0 << 8 | Int($1) }
      : number.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private func mistake(_ place: Int, _ message: String) -> HeaderMistake {
    HeaderMistake(at: start + place, message)
  }
}
