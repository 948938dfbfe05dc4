/// Conversion between file names and text. A file name is a sequence of bytes, which need not be
/// UTF-8.
///
/// Each byte that does not belong to a UTF-8 character becomes one scalar of a private-use range,
/// U+10FE80 to U+10FEFF. System calls receive the original byte again, so every name survives the
/// round trip. A message shows such a byte as `\xE9`.
extension String {
  /// The scalar that represents byte 0.
  private static let byteBase: UInt32 = 0x10FE00
  fileprivate static let byteScalars: ClosedRange<UInt32> = byteBase + 0x80...byteBase + 0xFF

  /// The text of a file name, or of an argument of the command line.
  package init(fileName bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self), !text.holdsRawBytes {
      self = text
      return
    }
    self = ""
    var start = 0
    while start < bytes.count {
      let length = String.characterLength(bytes[start...])
      if length > 0 {
        self += String(decoding: bytes[start..<start + length], as: UTF8.self)
      } else if let scalar = Unicode.Scalar(String.byteBase + UInt32(bytes[start])) {
        unicodeScalars.append(scalar)
      }
      start += max(1, length)
    }
  }

  /// The number of bytes of the first character in `bytes`. Returns 0 if the first byte needs a
  /// private-use scalar.
  private static func characterLength(_ bytes: ArraySlice<UInt8>) -> Int {
    for length in 1...4 where length <= bytes.count {
      guard let text = String(validating: bytes.prefix(length), as: UTF8.self) else { continue }
      return text.holdsRawBytes ? 0 : length
    }
    return 0
  }

  /// The bytes of the file name, without a terminating NUL.
  package var fileNameBytes: [UInt8] {
    guard holdsRawBytes else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in
      scalar.rawByte.map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  private var holdsRawBytes: Bool {
    // Texts with scalars of these planes are rare, so the fast test comes first.
    utf8.contains(0xF4) && unicodeScalars.contains { $0.rawByte != nil }
  }

  /// The file name for system calls, with a terminating NUL.
  package var nameForSystem: [CChar] { fileNameBytes.map { CChar(bitPattern: $0) } + [0] }
}

extension Unicode.Scalar {
  /// The byte of a file name that the scalar represents. Nil for every other scalar.
  var rawByte: UInt8? {
    String.byteScalars.contains(value) ? UInt8(truncatingIfNeeded: value) : nil
  }
}
