internal import Fields

/// The encoding of a table's text.
///
/// A byte order mark at the start of the file is not part of the text. UTF-16 without a mark is
/// little-endian, as Windows writes it. Latin-1 is ISO 8859-1: each byte is one character.
package enum TextEncoding: String, FieldChoice {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case latin1 = "latin-1"

  package static var aliases: KeyValuePairs<String, TextEncoding> {
    ["utf8": .utf8, "utf16": .utf16, "latin1": .latin1, "iso-8859-1": .latin1]
  }

  /// Returns the encoding that the first bytes of a file mark, and the length of the mark.
  ///
  /// - Parameter stated: the encoding in the model file. Nil means UTF-8, or UTF-16 with a mark.
  /// - Returns: never `utf16`, whose byte order is then known.
  static func detected(
    _ bytes: Span<UInt8>, stated: TextEncoding?
  ) -> (encoding: TextEncoding, markCount: Int) {
    func starts(_ mark: [UInt8]) -> Bool {
      bytes.count >= mark.count && mark.indices.allSatisfy { bytes[$0] == mark[$0] }
    }
    let (little, big) = (starts([0xFF, 0xFE]), starts([0xFE, 0xFF]))
    switch stated {
    case .utf8: return (.utf8, starts([0xEF, 0xBB, 0xBF]) ? 3 : 0)
    case .latin1: return (.latin1, 0)
    case .utf16LittleEndian: return (.utf16LittleEndian, little ? 2 : 0)
    case .utf16BigEndian: return (.utf16BigEndian, big ? 2 : 0)
    case .utf16: return (big ? .utf16BigEndian : .utf16LittleEndian, little || big ? 2 : 0)
    case nil:
      if little { return (.utf16LittleEndian, 2) }
      if big { return (.utf16BigEndian, 2) }
      return (.utf8, starts([0xEF, 0xBB, 0xBF]) ? 3 : 0)
    }
  }
}
