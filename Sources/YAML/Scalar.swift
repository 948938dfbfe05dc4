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
  package let style: Style
  package let resolved: Resolved

  package init(text: String, style: Style) {
    self.text = text
    self.style = style
    resolved = style == .plain ? Scalar.resolve(text) : .text(text)
  }

  /// The core schema (YAML 1.2, section 10.3.2): `yes`, `no`, `on` and `off` are text, `0o17` and `0x1F` integers,
  /// `1e-3`, `.5` and `-.inf` numbers.
  private static func resolve(_ text: String) -> Resolved {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    default: break
    }
    let bytes = Array(text.utf8)
    return integer(bytes) ?? number(bytes, text) ?? .text(text)
  }

  private static func integer(_ bytes: [UInt8]) -> Resolved? {
    var digits = bytes[...]
    var radix = 10
    if bytes.starts(with: Array("0x".utf8)) {
      (radix, digits) = (16, bytes[2...])
    } else if bytes.starts(with: Array("0o".utf8)) {
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
  private static func number(_ bytes: [UInt8], _ text: String) -> Resolved? {
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
    return Double(swift).map(Resolved.number)
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
