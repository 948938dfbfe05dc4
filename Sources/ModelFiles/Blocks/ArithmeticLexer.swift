internal import Files
internal import YAML

/// Cuts the text of a `$(…)` into numbers, names, texts and symbols.
struct ArithmeticLexer {
  enum Token: Equatable {
    case value(ArithmeticValue)
    case name(String)
    case symbol(String)
    case end

    /// What a message calls the token.
    var received: String {
      switch self {
      case .value(.text(let text)): "'\(text.quotable)'"
      case .value(let value): "'\(value.received)'"
      case .name(let name): "'\(name.quotable)'"
      case .symbol(let symbol): "'\(symbol)'"
      case .end: "the end of the text"
      }
    }
  }

  private let bytes: ArraySlice<UInt8>
  /// Where the next token is looked for.
  private(set) var offset: Int

  /// - Parameter bytes: a part of a text, by the places that they have in the whole.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  /// The next token and the byte at which it begins.
  mutating func next() throws(Arithmetic.Failure) -> (token: Token, offset: Int) {
    while let byte = byte(0), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") {
      offset += 1
    }
    let start = offset
    guard let first = byte(0) else { return (.end, start) }
    if first.isNameStart { return (.name(name()), start) }
    if first.isDecimal || first == UInt8(ascii: ".") && byte(1)?.isDecimal == true {
      return (.value(try number()), start)
    }
    switch first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return (.value(try text(quote: first)), start)
    default: return (.symbol(try symbol()), start)
    }
  }

  private func byte(_ ahead: Int) -> UInt8? {
    offset + ahead < bytes.endIndex ? bytes[offset + ahead] : nil
  }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func name() -> String {
    let start = offset
    while let byte = byte(0), byte.isNameByte { offset += 1 }
    return text(from: start)
  }

  private mutating func number() throws(Arithmetic.Failure) -> ArithmeticValue {
    let start = offset
    let isHexadecimal = byte(0) == UInt8(ascii: "0") && byte(1) == UInt8(ascii: "x")
    while let byte = byte(0), byte.isNameByte || byte == UInt8(ascii: ".") {
      offset += 1
      let isExponent = byte | 0x20 == UInt8(ascii: "e") && !isHexadecimal
      if isExponent, let sign = self.byte(0),
        sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      {
        offset += 1
      }
    }
    let text = text(from: start)
    let scalar = Scalar(text: text, style: .plain)
    switch scalar.resolved {
    case .integer(let value): return .integer(value)
    case .number(let value) where value.isFinite: return .fraction(value)
    case .hugeInteger, .number:
      throw Arithmetic.Failure(message: "'\(text.quotable)' is too large a number", offset: start)
    case .null, .boolean, .text:
      throw Arithmetic.Failure(message: "'\(text.quotable)' is no number", offset: start)
    }
  }

  private mutating func text(quote: UInt8) throws(Arithmetic.Failure) -> ArithmeticValue {
    let start = offset
    offset += 1
    guard let end = bytes[offset...].firstIndex(of: quote) else {
      throw Arithmetic.Failure(message: "a text without its closing quote", offset: start)
    }
    defer { offset = end + 1 }
    return .text(String(decoding: bytes[offset..<end], as: UTF8.self))
  }

  private static let symbols: Set<String> = [
    "(", ")", ",", "+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=",
  ]

  /// How what other languages write is written here.
  private static let habits = [
    "=": "equality is '=='", "!": "'not' negates", "&": "'and' joins conditions",
    "|": "'or' joins conditions", "?": "a choice is 'a if condition else b'",
    ":": "a choice is 'a if condition else b'", "^": "a power is '**'",
    "$": "a name stands alone here",
  ]

  private mutating func symbol() throws(Arithmetic.Failure) -> String {
    let start = offset
    for length in [2, 1] where start + length <= bytes.endIndex {
      let symbol = String(decoding: bytes[start..<start + length], as: UTF8.self)
      guard ArithmeticLexer.symbols.contains(symbol) else { continue }
      offset += length
      return symbol
    }
    let rest = String(decoding: bytes[start...].prefix(4), as: UTF8.self)
    let character = String(rest.unicodeScalars.prefix(1))
    let habit = ArithmeticLexer.habits[character].map { ": \($0)" } ?? ""
    throw Arithmetic.Failure(
      message: "unexpected '\(character.quotable)' in '$(…)'\(habit)", offset: start)
  }
}

extension UInt8 {
  fileprivate var isDecimal: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var isNameStart: Bool { isNameByte && !isDecimal }

  /// Whether a name may hold the byte: a letter, a digit or `_`.
  var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension String {
  /// Whether `$(…)` can name it: letters, digits and `_`, the first no digit, and no word of its own.
  var isArithmeticName: Bool {
    guard let first = utf8.first, first.isNameStart else { return false }
    return utf8.count <= 100 && utf8.allSatisfy(\.isNameByte) && !Arithmetic.words.contains(self)
  }
}
