package import YAML

extension Node {
  /// Reads one JSON text. Only blanks may follow it.
  ///
  /// Strings become quoted texts, everything else becomes plain scalars. The nodes have no
  /// positions. The reader is strict: it refuses comments, trailing commas, `NaN`, lone surrogates
  /// and duplicate names in an object. ``Limits`` bounds the size.
  ///
  /// Reference: T. Bray, "The JavaScript Object Notation (JSON) Data Interchange Format", RFC 8259,
  /// 2017.
  package static func parseJSON(_ bytes: [UInt8]) throws(JSONFailure) -> Node {
    var reader = JSONReader(bytes)
    return try reader.document()
  }
}

/// Parses a text in one pass.
private struct JSONReader {
  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0
  private var nodeCount = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONFailure) -> Node {
    skipBlanks()
    let node = try value()
    skipBlanks()
    guard place == bytes.count else { throw failure("expected the end of the text") }
    return node
  }

  private func failure(_ reason: String) -> JSONFailure {
    JSONFailure(reason: reason, offset: place)
  }

  /// The byte at the position. 0 at the end, since JSON never contains this byte.
  private var next: UInt8 { place < bytes.count ? bytes[place] : 0 }

  private mutating func skipBlanks() {
    while next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { place += 1 }
  }

  /// Skips a punctuation character and the blanks after it. Returns false if another character is
  /// next.
  private mutating func pass(_ sign: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: sign) else { return false }
    place += 1
    skipBlanks()
    return true
  }

  /// Reads a value. The bounded depth also bounds the recursion.
  private mutating func value() throws(JSONFailure) -> Node {
    try countNode()
    switch next {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try collection()
    case UInt8(ascii: "\""): return Node(.scalar(Scalar(text: try string(), style: .quoted)))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return Node(.scalar(Scalar(text: try number(), style: .plain)))
    default:
      for word in ["true", "false", "null"] where bytes[place...].starts(with: word.utf8) {
        place += word.utf8.count
        return .plain(word)
      }
      throw failure("expected a value")
    }
  }

  private mutating func countNode() throws(JSONFailure) {
    nodeCount += 1
    guard nodeCount <= Limits.nodes else { throw failure("more than \(Limits.nodes) values") }
  }

  private mutating func collection() throws(JSONFailure) -> Node {
    guard depth < Limits.depth else { throw failure("nested deeper than \(Limits.depth)") }
    let isObject = next == UInt8(ascii: "{")
    depth += 1
    place += 1
    skipBlanks()
    let node = isObject ? try object() : try array()
    depth -= 1
    return node
  }

  private mutating func array() throws(JSONFailure) -> Node {
    var items: [Node] = []
    if next == UInt8(ascii: "]") {
      place += 1
      return .sequence([])
    }
    repeat {
      items.append(try value())
      skipBlanks()
    } while pass(",")
    try end("]")
    return .sequence(items)
  }

  private mutating func object() throws(JSONFailure) -> Node {
    var pairs: [Node.Pair] = []
    var keys = KeyTable()
    if next == UInt8(ascii: "}") {
      place += 1
      return Node(.mapping([]))
    }
    repeat {
      guard next == UInt8(ascii: "\"") else { throw failure("expected a name in quotes") }
      let start = place
      try countNode()
      let name = try string()
      guard keys.insert(name, keyAt: { pairs[$0].key.scalar?.text }) == nil else {
        throw JSONFailure(reason: "duplicate name '\(name.quotable)'", offset: start)
      }
      skipBlanks()
      guard pass(":") else { throw failure("expected ':'") }
      let key = Node(.scalar(Scalar(text: name, style: .quoted)))
      pairs.append(Node.Pair(key: key, value: try value()))
      skipBlanks()
    } while pass(",")
    try end("}")
    return Node(.mapping(pairs))
  }

  private mutating func end(_ sign: Unicode.Scalar) throws(JSONFailure) {
    guard next == UInt8(ascii: sign) else { throw failure("expected ',' or '\(sign)'") }
    place += 1
  }

  /// Reads `-? (0 | [1-9][0-9]*) (\. [0-9]+)? ([eE] [-+]? [0-9]+)?`.
  private mutating func number() throws(JSONFailure) -> String {
    let start = place
    if next == UInt8(ascii: "-") { place += 1 }
    if next == UInt8(ascii: "0") { place += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      place += 1
      try digits()
    }
    if next | 0x20 == UInt8(ascii: "e") {
      place += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
      try digits()
    }
    guard place - start <= Limits.scalarBytes else {
      throw failure("a number of more than \(Limits.scalarBytes) digits")
    }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func digits() throws(JSONFailure) {
    let start = place
    while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { place += 1 }
    guard place > start else { throw failure("expected a digit") }
  }

  private mutating func string() throws(JSONFailure) -> String {
    let start = place
    place += 1
    var content: [UInt8] = []
    while next != UInt8(ascii: "\"") {
      guard next >= 0x20 else {
        throw failure(
          place < bytes.count ? "a control character in a text" : "a text without a closing quote")
      }
      if next == UInt8(ascii: "\\") {
        content += try escape()
      } else {
        content.append(next)
        place += 1
      }
    }
    place += 1
    guard let text = String(validating: content, as: UTF8.self) else {
      throw JSONFailure(reason: "a text that is not UTF-8", offset: start)
    }
    guard text.hasFewCombiningMarks else {
      throw JSONFailure(
        reason: "a text with more than \(Limits.combiningMarks) combining marks in a row",
        offset: start)
    }
    return text
  }

  /// Reads an escape and returns its character in UTF-8. Two UTF-16 surrogates form one character.
  private mutating func escape() throws(JSONFailure) -> [UInt8] {
    let start = place
    place += 1
    let sign = next
    place += 1
    switch sign {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [sign]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      let first = try codeUnit()
      if let scalar = Unicode.Scalar(first) { return Array(String(scalar).utf8) }
      if UTF16.isLeadSurrogate(first), bytes[place...].starts(with: "\\u".utf8) {
        place += 2
        let second = try codeUnit()
        if UTF16.isTrailSurrogate(second) {
          let units = [first, second]
          return Array(String(decoding: units, as: UTF16.self).utf8)
        }
      }
      throw JSONFailure(reason: "an unpaired UTF-16 surrogate in a text", offset: start)
    default: throw JSONFailure(reason: "an unknown escape in a text", offset: start)
    }
  }

  private mutating func codeUnit() throws(JSONFailure) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(next)).hexDigitValue else {
        throw failure("expected four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(truncatingIfNeeded: digit)
      place += 1
    }
    return unit
  }
}
