/// The text of a scalar and how it was written; `resolved` reads it by the YAML 1.2 core schema.
package struct Scalar: Sendable, Equatable {
  package enum Style: Sendable, Equatable {
    case plain
    /// In quotes, or a block scalar: always text.
    case quoted
  }

  /// What a scalar means. Numbers keep the type that their spelling gives them.
  package enum Resolved: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// An integer that does not fit 64 bits; the text keeps its digits.
    case hugeInteger
    case number(Double)
    case text(String)
  }

  package let text: String
  // Between the two, since then a scalar takes 32 bytes and not 40.
  private let meaning: Meaning
  package let style: Style

  /// What `resolved` says, without a second copy of the text.
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
    meaning = style == .plain ? Scalar.meaning(of: text) : .text
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

  /// Equal when written alike: `.nan` equals itself here, though the number does not.
  package static func == (left: Scalar, right: Scalar) -> Bool {
    left.text == right.text && left.style == right.style
  }

  /// The core schema (YAML 1.2, section 10.3.2): `yes`, `no`, `on` and `off` are text, `0o17` and
  /// `0x1F` integers, `1e-3`, `.5` and `-.inf` numbers.
  private static func meaning(of text: String) -> Meaning {
    guard let first = text.utf8.first else { return .null }
    switch first {
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
      UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
      return word(text)
    case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      let bytes = Array(text.utf8)
      return integer(bytes) ?? number(bytes, text) ?? limit(text)
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

  private static func integer(_ bytes: [UInt8]) -> Meaning? {
    var digits = bytes[...]
    var radix = 10
    if bytes.count > 2, bytes[0] == UInt8(ascii: "0"), bytes[1] == UInt8(ascii: "x") {
      (radix, digits) = (16, bytes[2...])
    } else if bytes.count > 2, bytes[0] == UInt8(ascii: "0"), bytes[1] == UInt8(ascii: "o") {
      (radix, digits) = (8, bytes[2...])
    } else if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      digits = bytes[1...]
    }
    guard !digits.isEmpty, digits.allSatisfy({ isDigit($0, radix: radix) }) else { return nil }
    let sign = radix == 10 && bytes.first == UInt8(ascii: "-") ? "-" : ""
    guard let value = Int(sign + String(decoding: digits, as: UTF8.self), radix: radix) else {
      return .hugeInteger
    }
    return .integer(value)
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func number(_ bytes: [UInt8], _ text: String) -> Meaning? {
    var rest = bytes[...]
    func skip(_ characters: String) -> Bool {
      guard let first = rest.first, characters.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    func digits() -> Int {
      let run = rest.prefix { isDigit($0, radix: 10) }
      rest = rest.dropFirst(run.count)
      return run.count
    }
    _ = skip("+-")
    let whole = digits()
    let fraction = skip(".") ? digits() : 0
    guard whole + fraction > 0 else { return nil }
    if skip("eE") {
      _ = skip("+-")
      guard digits() > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    // Swift wants a digit on both sides of the point, and takes an overflow as infinity.
    var swift = whole == 0 ? text.replacing(first: ".", with: "0.") : text
    if fraction == 0 { swift = swift.replacing(first: ".", with: "") }
    return Double(swift).map(Meaning.number)
  }

  private static func isDigit(_ byte: UInt8, radix: Int) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) < radix
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
    default: false
    }
  }
}

extension String {
  fileprivate func replacing(first character: Character, with text: String) -> String {
    guard let index = firstIndex(of: character) else { return self }
    return self[..<index] + text + self[self.index(after: index)...]
  }
}
