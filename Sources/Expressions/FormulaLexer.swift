internal import YAML

/// Splits the bytes of a formula into tokens.
struct FormulaLexer {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// - Parameter bytes: a slice of a text. Offsets count from the beginning of the text.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Reads the next token.
  ///
  /// - Throws: ``FormulaMistake`` at an unknown sign, and at a quote that is not closed.
  mutating func next() throws(FormulaMistake) -> FormulaToken {
    while let (scalar, width) = scalar(), scalar.properties.isWhitespace { position += width }
    let start = position
    guard let (first, _) = scalar() else { return token(.end, from: start) }
    if isDigit(0) || first == "." && isDigit(1) { return number() }
    if FormulaLexer.beginsName(first) {
      while let (scalar, width) = scalar(), FormulaLexer.continuesName(scalar) { position += width }
      let word = text(from: start)
      return token(
        FormulaOperator(spelling: word).map { .operator($0) } ?? .name(word), from: start)
    }
    if first == "'" || first == "\"" { return try quoted() }
    return try sign()
  }

  private mutating func sign() throws(FormulaMistake) -> FormulaToken {
    let start = position
    var signs: [String] = []
    for _ in 0..<2 {
      guard let (_, width) = scalar() else { break }
      position += width
      signs.append(text(from: start))
    }
    for sign in signs.reversed() {
      position = start + sign.utf8.count
      if let symbol = FormulaOperator(spelling: sign) {
        return token(.operator(symbol), from: start)
      }
      if let kind = FormulaToken.punctuation[sign] { return token(kind, from: start) }
      if let meant = FormulaToken.lookalikes[sign] {
        throw FormulaMistake("unexpected '\(sign)'", at: start, suggestion: meant)
      }
    }
    let sign = signs[0]
    let hint = FormulaToken.hints[sign].map { ": \($0)" } ?? ""
    throw FormulaMistake("unexpected '\(sign.quotable)'\(hint)", at: start)
  }

  /// Reads `0x` and hexadecimal digits, `0o` and octal digits, or `( [0-9]+ ( \. [0-9]* )? | \.
  /// [0-9]+ ) ( [eE] [-+]? [0-9]+ )?`.
  private mutating func number() -> FormulaToken {
    let start = position
    if byte(0) == UInt8(ascii: "0"), let radix = FormulaLexer.radix(byte(1)), isDigit(2, radix) {
      position += 2
      while isDigit(0, radix) { position += 1 }
    } else {
      while isDigit(0) { position += 1 }
      if byte(0) == UInt8(ascii: ".") {
        position += 1
        while isDigit(0) { position += 1 }
      }
      if byte(0).map({ $0 | 0x20 }) == UInt8(ascii: "e") {
        let hasSign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
        // `2e` is the number 2, followed by a name.
        if isDigit(hasSign ? 2 : 1) {
          position += hasSign ? 2 : 1
          while isDigit(0) { position += 1 }
        }
      }
    }
    return token(.number(Scalar(text: text(from: start), style: .plain)), from: start)
  }

  private mutating func quoted() throws(FormulaMistake) -> FormulaToken {
    let start = position
    guard let end = bytes[(start + 1)...].firstIndex(of: bytes[start]) else {
      throw FormulaMistake("a text without its closing quote", at: start)
    }
    position = end + 1
    return token(.text(String(decoding: bytes[(start + 1)..<end], as: UTF8.self)), from: start)
  }

  // MARK: Bytes

  private func byte(_ ahead: Int) -> UInt8? {
    position + ahead < bytes.endIndex ? bytes[position + ahead] : nil
  }

  /// The scalar at the position and its byte count. U+FFFD if the slice ends inside the scalar.
  private func scalar() -> (scalar: Unicode.Scalar, width: Int)? {
    guard let first = byte(0) else { return nil }
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let ahead = bytes[position...].prefix(4)
    guard let scalar = String(decoding: ahead, as: UTF8.self).unicodeScalars.first else {
      return nil
    }
    return (scalar, min(UTF8.width(scalar), ahead.count))
  }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func token(_ kind: FormulaToken.Kind, from start: Int) -> FormulaToken {
    FormulaToken(kind: kind, range: start..<position)
  }

  private func isDigit(_ ahead: Int, _ radix: Int = 10) -> Bool {
    byte(ahead)?.isDigit(radix: radix) ?? false
  }

  private static func radix(_ byte: UInt8?) -> Int? {
    switch byte {
    case UInt8(ascii: "x"): 16
    case UInt8(ascii: "o"): 8
    default: nil
    }
  }

  /// Whether the scalar may begin a name: a letter of any script, or `_`.
  static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    beginsName(scalar) || ("0"..."9").contains(scalar)
  }
}
