extension SourceText {
  /// Decodes UTF-8, or UTF-16 with a byte order mark.
  ///
  /// - Throws: the mistakes, if there are too many to continue.
  static func decode(_ bytes: [UInt8], name: String) throws(Diagnostics) -> DecodedText {
    guard bytes.count <= Limits.textBytes else {
      throw Diagnostics(tooLarge(bytes.count, limit: Limits.textBytes, name: name))
    }
    var repair = TextRepair()
    if bytes.starts(with: [0xFF, 0xFE]) {
      repair.decodeUTF16(bytes.dropFirst(2), isBigEndian: false)
    } else if bytes.starts(with: [0xFE, 0xFF]) {
      repair.decodeUTF16(bytes.dropFirst(2), isBigEndian: true)
    } else {
      let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      // Nearly every text is valid.
      if let text = String(validating: content, as: UTF8.self), !text.utf8Span.span.hasForbidden {
        let source = SourceText(name: name, text: text)
        return DecodedText(source: source, readable: text, faults: Diagnostics())
      }
      repair.decodeUTF8(content)
    }
    return try repair.result(name: name)
  }

  /// The message for a file that is too large.
  ///
  /// - Parameters:
  ///   - size: the size of the file in bytes.
  ///   - limit: the largest allowed size in bytes.
  package static func tooLarge(_ size: Int, limit: Int, name: String) -> Diagnostic {
    Diagnostic(
      "the file has \(size) bytes; at most \(limit) are allowed",
      at: Mark(source: SourceText(name: name, text: ""), line: 0, column: 0))
  }
}

/// Decodes a text and continues after undecodable bytes, up to a limit.
private struct TextRepair {
  /// The text as UTF-8, with U+FFFD in place of invalid bytes.
  private var text: [UInt8] = []
  private var faults: [(offset: Int, message: String)] = []

  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  private var isHopeless: Bool { faults.count > Limits.unreadableCharacters }

  private mutating func reportUndecodable(_ message: String) {
    faults.append((text.count, message))
    text += TextRepair.replacement
  }

  mutating func decodeUTF8(_ bytes: ArraySlice<UInt8>) {
    text.reserveCapacity(bytes.count)
    var rest = bytes
    while !isHopeless {
      do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: rest.span)
        text += rest
        return
      } catch {
        text += rest.prefix(error.byteOffsets.lowerBound)
        reportUndecodable("these bytes are not UTF-8")
        rest = rest.dropFirst(error.byteOffsets.upperBound)
      }
    }
  }

  mutating func decodeUTF16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) {
    let first = bytes.startIndex
    let units = (0..<bytes.count / 2).lazy.map { index in
      let (low, high) = (bytes[first + 2 * index], bytes[first + 2 * index + 1])
      return isBigEndian ? UInt16(low) << 8 | UInt16(high) : UInt16(high) << 8 | UInt16(low)
    }
    var iterator = units.makeIterator()
    var parser = UTF16.ForwardParser()
    reading: while !isHopeless {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        text += UTF8.encode(UTF16.decode(encoded)) ?? UTF8.encodedReplacementCharacter
      case .error:
        reportUndecodable("an unpaired UTF-16 surrogate")
      case .emptyInput:
        break reading
      }
    }
    if !isHopeless, !bytes.count.isMultiple(of: 2) {
      reportUndecodable("the last UTF-16 character is cut off")
    }
  }

  func result(name: String) throws(Diagnostics) -> DecodedText {
    let source = SourceText(name: name, text: String(decoding: text, as: UTF8.self))
    var readable = text
    var faults = self.faults
    let bytes = text.span
    var offset = 0
    while offset < bytes.count, faults.count <= 2 * Limits.unreadableCharacters {
      let length = bytes.forbiddenLength(at: offset)
      if length > 0 {
        faults.append((offset, bytes.forbiddenMessage(at: offset, length: length)))
        // The replacement has the same number of bytes, so that all positions stay valid.
        readable.replaceSubrange(offset..<offset + length, with: TextRepair.stand(in: length))
      }
      offset += max(1, length)
    }
    faults.sort { $0.offset < $1.offset }
    var diagnostics = Diagnostics()
    for fault in faults.prefix(Limits.unreadableCharacters) {
      diagnostics.error(fault.message, at: source.mark(at: fault.offset))
    }
    if faults.count > Limits.unreadableCharacters {
      diagnostics.error(
        "reading stops here, after \(Limits.unreadableCharacters) unreadable characters: "
          + "this is not text in UTF-8 or UTF-16",
        at: source.mark(at: faults[Limits.unreadableCharacters].offset))
      throw diagnostics
    }
    return DecodedText(
      source: source, readable: String(decoding: readable, as: UTF8.self), faults: diagnostics)
  }

  /// A character of `length` bytes that has no meaning in YAML.
  private static func stand(in length: Int) -> [UInt8] {
    switch length {
    case 1: Array("_".utf8)
    case 2: Array("¿".utf8)
    default: replacement
    }
  }
}

/// Characters that YAML forbids everywhere: control characters except tab and line breaks, the byte
/// order mark inside the text, and the noncharacters U+FFFE and U+FFFF.
extension Span<UInt8> {
  fileprivate var hasForbidden: Bool {
    for offset in indices where forbiddenLength(at: offset) > 0 { return true }
    return false
  }

  /// The byte count of the forbidden character at `offset`. 0 if there is none.
  fileprivate func forbiddenLength(at offset: Int) -> Int {
    switch self[offset] {
    case 0x20..<0x7F, 0x09, 0x0A, 0x0D: 0
    case 0..<0x20, 0x7F: 1
    case 0xC2 where self[offset + 1] < 0xA0 && self[offset + 1] != 0x85: 2
    case 0xEF where self[offset + 1] == 0xBB && self[offset + 2] == 0xBF: 3
    case 0xEF where self[offset + 1] == 0xBF && self[offset + 2] >= 0xBE: 3
    default: 0
    }
  }

  fileprivate func forbiddenMessage(at offset: Int, length: Int) -> String {
    let code: Int =
      switch length {
      case 1: Int(self[offset])
      case 2: Int(self[offset + 1])
      default: self[offset + 1] == 0xBB ? 0xFEFF : 0xFFC0 + Int(self[offset + 2] & 0x3F)
      }
    guard code != 0 else { return "a NUL character is not allowed" }
    let digits = code.digits(4, radix: 16, uppercase: true)
    return "the \(length < 3 ? "control character" : "character") U+\(digits) is not allowed"
  }
}
