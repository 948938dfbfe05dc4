/// A file's bytes as text, and what of them is no text.
struct DecodedText {
  /// As messages show it.
  let source: SourceText
  /// As libyaml reads it: characters that YAML forbids are replaced, so that reading can go on.
  let readable: String
  let faults: Diagnostics
}

extension SourceText {
  /// Decodes UTF-8, or UTF-16 with a byte order mark.
  ///
  /// - Throws: what is wrong, where so much is that reading on is pointless.
  static func decode(_ bytes: [UInt8], name: String) throws(Diagnostics) -> DecodedText {
    guard bytes.count <= Limits.textBytes else {
      throw Diagnostics(tooLarge(bytes.count, name: name))
    }
    var repair = TextRepair()
    if bytes.starts(with: [0xFF, 0xFE]) {
      repair.decodeUTF16(bytes.dropFirst(2), isBigEndian: false)
    } else if bytes.starts(with: [0xFE, 0xFF]) {
      repair.decodeUTF16(bytes.dropFirst(2), isBigEndian: true)
    } else {
      let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      if let text = String(validating: content, as: UTF8.self), !text.containsForbidden {
        let source = SourceText(name: name, text: text)
        return DecodedText(source: source, readable: text, faults: Diagnostics())
      }
      repair.decode(content, as: UTF8.self, fault: "these bytes are not UTF-8")
    }
    return try repair.result(name: name)
  }

  /// - Parameter size: in bytes.
  static func tooLarge(_ size: Int, name: String) -> Diagnostic {
    Diagnostic(
      "the file has \(size) bytes; a model file has at most \(Limits.textBytes) (16 MB)",
      at: Mark(source: SourceText(name: name, text: ""), line: 0, column: 0))
  }
}

/// Decodes a text scalar by scalar, going on after what cannot be decoded.
private struct TextRepair {
  private var shown = ""
  private var readable = ""
  private var faults: [(offset: Int, message: String)] = []

  private static let replacement: Unicode.Scalar = "\u{FFFD}"

  private var isHopeless: Bool { faults.count > Limits.unreadableCharacters }

  mutating func decode<Codec: Unicode.Encoding>(
    _ units: some Sequence<Codec.CodeUnit>, as codec: Codec.Type, fault: String
  ) {
    var iterator = units.makeIterator()
    var parser = Codec.ForwardParser()
    while !isHopeless {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        append(Codec.decode(encoded))
      case .error:
        faults.append((shown.utf8.count, fault))
        shown.unicodeScalars.append(TextRepair.replacement)
        readable.unicodeScalars.append(TextRepair.replacement)
      case .emptyInput:
        return
      }
    }
  }

  mutating func decodeUTF16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
    let first = bytes.startIndex
    let units = (0..<bytes.count / 2).lazy.map { index in
      let (low, high) = (bytes[first + 2 * index], bytes[first + 2 * index + 1])
      return isBigEndian ? UInt16(low) << 8 | UInt16(high) : UInt16(high) << 8 | UInt16(low)
    }
    decode(units, as: UTF16.self, fault: "half of a UTF-16 surrogate pair stands alone")
    if !isHopeless, !bytes.count.isMultiple(of: 2) {
      faults.append((shown.utf8.count, "the last UTF-16 character is cut off"))
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    shown.unicodeScalars.append(scalar)
    guard scalar.isForbidden else {
      readable.unicodeScalars.append(scalar)
      return
    }
    let code = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
    let kind = scalar.value < 0xA0 ? "control character" : "character"
    let what = scalar == "\0" ? "a NUL character" : "the \(kind) U+\(padded)"
    faults.append((shown.utf8.count - scalar.utf8.count, "\(what) is not allowed"))
    readable.unicodeScalars.append(TextRepair.replacement)
  }

  func result(name: String) throws(Diagnostics) -> DecodedText {
    let source = SourceText(name: name, text: shown)
    var diagnostics = Diagnostics()
    for fault in faults.prefix(Limits.unreadableCharacters) {
      diagnostics.error(fault.message, at: source.mark(at: fault.offset))
    }
    if let last = faults.last, isHopeless {
      diagnostics.error(
        "reading stops here, after \(Limits.unreadableCharacters) unreadable characters: "
          + "this is no text in UTF-8 or UTF-16", at: source.mark(at: last.offset))
      throw diagnostics
    }
    return DecodedText(source: source, readable: readable, faults: diagnostics)
  }
}

extension Unicode.Scalar {
  /// What YAML allows in no place: control characters but tab and line breaks, the byte order mark
  /// inside the text, and the two codes that are no characters.
  fileprivate var isForbidden: Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}

extension String {
  /// Whether some scalar is forbidden: ``Unicode/Scalar/isForbidden`` on UTF-8, since nearly every
  /// text that is read has none.
  fileprivate var containsForbidden: Bool {
    let bytes = utf8Span.span
    for offset in bytes.indices {
      switch bytes[offset] {
      case 0x20..<0x7F, 0x09, 0x0A, 0x0D: continue
      case 0..<0x20, 0x7F: return true
      case 0xC2 where bytes[offset + 1] < 0xA0 && bytes[offset + 1] != 0x85: return true
      case 0xEF where bytes[offset + 1] == 0xBB && bytes[offset + 2] == 0xBF: return true
      case 0xEF where bytes[offset + 1] == 0xBF && bytes[offset + 2] >= 0xBE: return true
      default: continue
      }
    }
    return false
  }
}
