extension Node {
  /// Returns the file position of the byte at `offset` in a scalar's text. An offset at the end of
  /// the text gives the end position.
  ///
  /// The search follows quotes, escapes, folded lines and the indentation of blocks as they are
  /// written. It skips substituted variable values. If the file has a different text at the mark,
  /// the result is the position of the scalar. Defaults are an example.
  package func mark(ofTextAt offset: Int) -> Mark {
    let writing = mark.source.writing
    let offset = writing?.origin(of: offset) ?? offset
    guard let text = writing?.text ?? scalar?.text, !mark.isNone,
      let start = mark.source.offset(line: mark.line, column: mark.column)
    else { return mark }
    // The value of an option is stored verbatim.
    if scalar?.style == .option {
      return mark.source.mark(at: start + min(offset, text.utf8.count))
    }
    guard
      let place = ScalarWalk(mark.source.text.utf8, from: start, textLength: text.utf8.count)
        .place(of: offset, in: text.utf8)
    else { return mark }
    return mark.source.mark(at: place)
  }
}

/// Walks through a scalar as it is written, in step with the text that was read from it.
///
/// The walk skips blanks and line breaks on both sides, so their folding does not matter.
private struct ScalarWalk {
  private let bytes: [UInt8]
  /// The offset of `bytes` in the source.
  private let start: Int
  private var position = 0
  private var style = Style.plain

  private enum Style {
    case plain
    case single
    case double
  }

  /// Copies a bounded part of the source. A scalar takes at most ten bytes (`\U0000002B`) for each
  /// byte of its text, plus indentation.
  init(_ source: String.UTF8View, from start: Int, textLength: Int) {
    self.start = start
    bytes = Array(source.dropFirst(start).prefix(16 * textLength + 4096))
    skipProperties()
    guard position < bytes.count else { return }
    switch bytes[position] {
    case UInt8(ascii: "\""): style = .double
    case UInt8(ascii: "'"): style = .single
    case UInt8(ascii: "|"), UInt8(ascii: ">"):
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      return
    default: return
    }
    position += 1
  }

  /// Skips the anchor and the tag, which stand before the scalar.
  private mutating func skipProperties() {
    while position < bytes.count,
      bytes[position] == UInt8(ascii: "&") || bytes[position] == UInt8(ascii: "!")
    {
      while position < bytes.count, !isBlank(bytes[position]) { position += 1 }
      skipBlanks()
    }
  }

  /// Returns the source offset of the byte at `offset` in the text. Nil if the source contains a
  /// different text.
  func place(of offset: Int, in text: String.UTF8View) -> Int? {
    var walk = self
    var end = walk.position
    var passed = 0
    for byte in text {
      if !isBlank(byte) {
        walk.skipBlanks()
        if passed >= offset { return start + walk.position }
        guard walk.pass(byte) else { return nil }
        end = walk.position
      }
      passed += 1
    }
    return start + end
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
  }

  /// Skips blanks and, in double quotes, escaped blanks.
  private mutating func skipBlanks() {
    while position < bytes.count {
      if isBlank(bytes[position]) {
        position += 1
      } else if style == .double, let escape = escape(), isBlank(escape.byte) {
        position += escape.length
      } else {
        return
      }
    }
  }

  /// Skips the written form of `byte`. Returns false if the source has something else.
  private mutating func pass(_ byte: UInt8) -> Bool {
    guard position < bytes.count else { return false }
    if style == .double, let escape = escape() {
      position += escape.length
      return escape.byte == byte
    }
    guard bytes[position] == byte else { return false }
    position += style == .single && byte == UInt8(ascii: "'") ? 2 : 1
    return true
  }

  /// The escape at the position, if it represents one ASCII byte. Nil otherwise.
  private func escape() -> (byte: UInt8, length: Int)? {
    guard bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count else { return nil }
    let sign = bytes[position + 1]
    let digits =
      switch sign {
      case UInt8(ascii: "x"): 2
      case UInt8(ascii: "u"): 4
      case UInt8(ascii: "U"): 8
      default: 0
      }
    if digits > 0 {
      let code = bytes[position...].dropFirst(2).prefix(digits)
      guard code.count == digits,
        let value = Int(String(decoding: code, as: UTF8.self), radix: 16),
        let byte = UInt8(exactly: value), byte < 0x80
      else { return nil }
      return (byte, 2 + digits)
    }
    switch sign {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return (0x20, 2)
    case UInt8(ascii: "\n"): return (0x20, 2)
    default: return (sign, 2)
    }
  }
}
