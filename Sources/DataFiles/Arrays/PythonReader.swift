internal import YAML

/// Reads the Python literals that occur in the header of a NumPy file.
struct PythonReader {
  enum Value: Equatable {
    case text(String)
    case truth(Bool)
    case tuple([Int])

    var kind: String {
      switch self {
      case .text(let text): "'\(text.quotable)'"
      case .truth(let value): value ? "True" : "False"
      case .tuple: "a tuple"
      }
    }
  }

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the whole text as a dictionary with exactly `keys`.
  ///
  /// - Returns: the values in the order of `keys`, and the offset at which each begins.
  mutating func dictionary(
    keys: [String]
  ) throws(HeaderMistake) -> [(value: Value, byte: Int)] {
    var values = [(value: Value, byte: Int)?](repeating: nil, count: keys.count)
    try take("{")
    while !takes("}") {
      skipSpaces()
      let byte = place
      let key = try text()
      guard let index = keys.firstIndex(of: key), values[index] == nil else {
        throw HeaderMistake(
          at: byte,
          "expected the keys \(keys.quotedList), each once, received '\(key.quotable)'")
      }
      try take(":")
      skipSpaces()
      let start = place
      values[index] = (try value(), start)
      if !takes(",") {
        try take("}")
        break
      }
    }
    let end = place
    while place < bytes.count - 1, bytes[place] == UInt8(ascii: " ") { place += 1 }
    guard place == bytes.count - 1, bytes[place] == UInt8(ascii: "\n") else {
      throw HeaderMistake(
        at: place, "expected spaces and a line feed at the end of the header")
    }
    let missing = keys.indices.first { values[$0] == nil }
    if let missing {
      throw HeaderMistake(at: end, "expected '\(keys[missing])' in the header, received none")
    }
    return values.compactMap { $0 }
  }

  private mutating func value() throws(HeaderMistake) -> Value {
    guard place < bytes.count else { throw mistake("a value") }
    switch bytes[place] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "("): return .tuple(try tuple())
    case UInt8(ascii: "["):
      throw HeaderMistake(at: place, "expected numbers, received a structured type")
    default:
      for (word, value) in [("True", true), ("False", false)]
      where bytes[place...].starts(with: word.utf8) {
        place += word.utf8.count
        return .truth(value)
      }
      throw mistake("a text, True, False or a tuple")
    }
  }

  /// Reads a text without escapes, because headers have none.
  private mutating func text() throws(HeaderMistake) -> String {
    guard place < bytes.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[place])
    else { throw mistake("a text") }
    let quote = bytes[place]
    let start = place + 1
    guard let end = bytes[start...].firstIndex(of: quote) else { throw mistake("a closed text") }
    let content = bytes[start..<end]
    guard content.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) else {
      throw mistake("a text of letters, digits and signs")
    }
    place = end + 1
    return String(decoding: content, as: UTF8.self)
  }

  /// Reads a tuple of integers from 0: `()`, `(3,)`, `(3, 4)`.
  private mutating func tuple() throws(HeaderMistake) -> [Int] {
    let start = place
    try take("(")
    var items: [Int] = []
    var endsWithComma = true
    while !takes(")") {
      guard endsWithComma else { throw mistake("',' or ')'") }
      items.append(try integer())
      endsWithComma = takes(",")
    }
    guard items.count != 1 || endsWithComma else {
      throw HeaderMistake(at: start, "expected a tuple, received a number in parentheses")
    }
    return items
  }

  private mutating func integer() throws(HeaderMistake) -> Int {
    skipSpaces()
    let start = place
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
      place += 1
    }
    let digits = String(decoding: bytes[start..<place], as: UTF8.self)
    guard let value = Int(digits), value == 0 ? digits == "0" : !digits.hasPrefix("0") else {
      place = start
      throw mistake("an integer of 64 bits")
    }
    return value
  }

  private mutating func skipSpaces() {
    while place < bytes.count, bytes[place] == UInt8(ascii: " ") { place += 1 }
  }

  private mutating func takes(_ sign: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard place < bytes.count, bytes[place] == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  private mutating func take(_ sign: Unicode.Scalar) throws(HeaderMistake) {
    guard takes(sign) else { throw mistake("'\(sign)'") }
  }

  private func mistake(_ expected: String) -> HeaderMistake {
    let received =
      place < bytes.count
      ? "'\(String(decoding: [bytes[place]], as: UTF8.self).quotable)'" : "the end of the header"
    return HeaderMistake(at: place, "expected \(expected), received \(received)")
  }
}
