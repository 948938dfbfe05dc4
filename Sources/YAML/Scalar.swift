/// The text of a scalar and its style. `resolved` interprets the text by the YAML 1.2 core schema.
package struct Scalar: Sendable, Equatable {
  package enum Style: Sendable, Equatable {
    case plain
    /// A quoted or block scalar, which is always text.
    case quoted
    /// The value of a command-line option. A text field takes the whole text. Any other field reads
    /// the value without surrounding blanks.
    case option
  }

  /// The interpreted value of a scalar. The spelling decides the type of a number: `1` is an
  /// integer, and `1.0` is not.
  package enum Resolved: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// An integer that does not fit into 64 bits. The text keeps its digits.
    case hugeInteger
    case number(Double)
    case text(String)
  }

  package let text: String
  // This order makes a scalar 32 bytes large instead of 40.
  private let meaning: Meaning
  package let style: Style

  /// The case of `resolved`, without a second copy of the text.
  private enum Meaning: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case hugeInteger
    case number(Double)
    case text
  }

  package init(text: String, style: Style) {
    self.text = text
    self.style = style
    meaning =
      switch style {
      case .plain: Scalar.meaning(of: text)
      case .quoted: .text
      // An empty option gives an empty text. Only `~` resets a value.
      case .option: text.isEmpty ? .text : Scalar.meaning(of: Scalar.trimmed(text))
      }
  }

  /// The text. For an option, without surrounding blanks.
  package var trimmedText: String { style == .option ? Scalar.trimmed(text) : text }

  private static func trimmed(_ text: String) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = text.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return String(rest)
  }

  package var resolved: Resolved {
    switch meaning {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .integer(let value): .integer(value)
    case .hugeInteger: .hugeInteger
    case .number(let value): .number(value)
    case .text: .text(text)
    }
  }

  /// The integer value of a number: `10000`, `1e4` or `10000.0`.
  ///
  /// Nil for a fraction. Also nil for a number with a point or an exponent, if its absolute value
  /// is 2⁵³ or more.
  package var integer: Int? {
    switch meaning {
    case .integer(let value): value
    case .number(let value) where abs(value) < 0x1p53: Int(exactly: value)
    default: nil
    }
  }

  /// Whether the scalar is a number beyond 64-bit integers: 9223372036854775808, or 1e30.
  package var isBeyondIntegers: Bool {
    switch meaning {
    case .hugeInteger: true
    case .number(let value): value.isFinite && value.magnitude >= 0x1p63
    case .null, .boolean, .integer, .text: false
    }
  }

  /// Whether the text is quoted and would be a number or a truth value without the quotes.
  var hidesValue: Bool {
    guard style == .quoted else { return false }
    return switch Scalar.meaning(of: text) {
    case .boolean, .integer, .hugeInteger, .number: true
    case .null, .text: false
    }
  }

  /// Compares the spelling: `.nan` equals itself here, although the number does not.
  package static func == (left: Scalar, right: Scalar) -> Bool {
    left.text == right.text && left.style == right.style
  }

  /// Interprets a plain scalar by the core schema (YAML 1.2, section 10.3.2).
  ///
  /// `yes`, `no`, `on` and `off` are text, `0o17` and `0x1F` integers, `1e-3`, `.5` and `-.inf`
  /// numbers.
  private static func meaning(of text: String) -> Meaning {
    let bytes = text.utf8Span.span
    guard !bytes.isEmpty else { return .null }
    switch bytes[0] {
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
      UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
      return word(text)
    case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return integer(text, bytes) ?? number(text, bytes) ?? limit(text)
    default: return .text
    }
  }

  private static func word(_ text: String) -> Meaning {
    switch text {
    case "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .boolean(true)
    case "false", "False", "FALSE": .boolean(false)
    default: .text
    }
  }

  private static func limit(_ text: String) -> Meaning {
    switch text {
    case ".nan", ".NaN", ".NAN": .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": .number(-.infinity)
    default: .text
    }
  }

  private static func integer(_ text: String, _ bytes: Span<UInt8>) -> Meaning? {
    let hasPrefix = bytes.count > 2 && bytes[0] == UInt8(ascii: "0")
    let (radix, start) =
      switch hasPrefix ? bytes[1] : 0 {
      case UInt8(ascii: "x"): (16, 2)
      case UInt8(ascii: "o"): (8, 2)
      default: (10, bytes[0].isSign ? 1 : 0)
      }
    let end = bytes.endOfDigits(from: start, radix: radix)
    guard end > start, end == bytes.count else { return nil }
    return Int(radix == 10 ? text[...] : text.dropFirst(2), radix: radix).map(Meaning.integer)
      ?? .hugeInteger
  }

  /// Reads `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`. An overflow is
  /// infinite.
  private static func number(_ text: String, _ bytes: Span<UInt8>) -> Meaning? {
    let start = bytes[0].isSign ? 1 : 0
    var end = bytes.endOfDigits(from: start)
    var digits = end - start
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      let point = end
      end = bytes.endOfDigits(from: point + 1)
      digits += end - point - 1
    }
    guard digits > 0 else { return nil }
    if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
      let first = end + 1 < bytes.count && bytes[end + 1].isSign ? end + 2 : end + 1
      end = bytes.endOfDigits(from: first)
      guard end > first else { return nil }
    }
    return end == bytes.count ? Double(text).map(Meaning.number) : nil
  }
}

extension Span<UInt8> {
  fileprivate func endOfDigits(from start: Int, radix: Int = 10) -> Int {
    var end = start
    while end < count, self[end].isDigit(radix: radix) { end += 1 }
    return end
  }
}

extension UInt8 {
  fileprivate var isSign: Bool { self == UInt8(ascii: "-") || self == UInt8(ascii: "+") }

  /// Whether the byte is a digit in base 8, 10 or 16.
  package func isDigit(radix: Int) -> Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(self - UInt8(ascii: "0")) < radix
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
    default: false
    }
  }
}
