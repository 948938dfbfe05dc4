import Files
import Oracles
import Testing
import YAML

@Suite("Reading JSON") struct JSONReaderTests {
  /// The reason for refusing a text. Nil if it is accepted.
  private static func failure(of bytes: [UInt8]) -> String? {
    do {
      _ = try Node.parseJSON(bytes)
      return nil
    } catch {
      return expected(reason: error.reason, offset: error.offset)
    }
  }

  private static func expected(reason: String, offset: Int) -> String {
    "\(reason), at byte \(offset)"
  }

  @Test("returns quoted texts and plain scalars in the order of the text")
  func values() throws {
    let text = " {\"b\": [1, -2.5e3, true, false, null, \"1\"],\r\n\t\"a\": {}, \"\": []} \n"
    let node = try Node.parseJSON(Array(text.utf8))
    #expect(
      node.outline
        == #"{"b": [1, -2500.0, true, false, null, "1"], "a": {}, "": []}"#)
    #expect(try Node.parseJSON(Array("7".utf8)).scalar?.resolved == .integer(7))
    #expect(
      try Node.parseJSON(Array("99999999999999999999".utf8)).scalar?.resolved == .hugeInteger)
  }

  @Test("replaces escapes, and surrogate pairs by one character")
  func escapes() throws {
    let text = #""\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\uDE00\u0000é😀""#
    #expect(
      try Node.parseJSON(Array(text.utf8)).scalar?.text
        == "\"\\/\u{8}\u{C}\n\r\tA\u{E9}😀\0é😀")
  }

  private static let mistakes: [(text: String, reason: String, offset: Int)] = [
    ("", "expected a value", 0), (" ", "expected a value", 1), ("nul", "expected a value", 0),
    ("NaN", "expected a value", 0), ("+1", "expected a value", 0), (".5", "expected a value", 0),
    ("'a'", "expected a value", 0), ("// a\n1", "expected a value", 0),
    ("\u{FEFF}1", "expected a value", 0), ("\u{C}1", "expected a value", 0),
    ("1 2", "expected the end of the text", 2), ("01", "expected the end of the text", 1),
    ("{}}", "expected the end of the text", 2), ("truex", "expected the end of the text", 4),
    ("-", "expected a digit", 1), ("1.", "expected a digit", 2), ("1e", "expected a digit", 2),
    ("1e+", "expected a digit", 3), ("-a", "expected a digit", 1),
    ("[", "expected a value", 1), ("[1", "expected ',' or ']'", 2), ("[1,]", "expected a value", 3),
    ("[1 2]", "expected ',' or ']'", 3), ("[1}", "expected ',' or ']'", 2),
    ("{", "expected a name in quotes", 1), ("{a: 1}", "expected a name in quotes", 1),
    ("{1: 1}", "expected a name in quotes", 1), (#"{"a" 1}"#, "expected ':'", 5),
    (#"{"a":}"#, "expected a value", 5), (#"{"a": 1"#, "expected ',' or '}'", 7),
    (#"{"a": 1,}"#, "expected a name in quotes", 8),
    (#"{"a": 1, "b": 2, "a": 3}"#, "duplicate name 'a'", 17),
    (#"{"a": 1, "\u0061": 3}"#, "duplicate name 'a'", 9),
    (
      #"{"0":0,"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"3":0}"#,
      "duplicate name '3'", 55
    ),
    (#"""#, "a text without a closing quote", 1), (#""a\"#, "an unknown escape in a text", 2),
    ("\"a\nb\"", "a control character in a text", 2),
    ("\"\0\"", "a control character in a text", 1),
    (#""\x41""#, "an unknown escape in a text", 1),
    (#""\u12g4""#, "expected four hexadecimal digits", 5),
    (#""\ud83d""#, "an unpaired UTF-16 surrogate in a text", 1),
    (#""\ude00""#, "an unpaired UTF-16 surrogate in a text", 1),
    (#""\ud83d\n""#, "an unpaired UTF-16 surrogate in a text", 1),
    (#""\ud83dA""#, "an unpaired UTF-16 surrogate in a text", 1),
    (#""\ud83d\u0041""#, "an unpaired UTF-16 surrogate in a text", 1),
  ]

  @Test("refuses other texts with the byte offset", arguments: mistakes)
  func refusals(text: String, reason: String, offset: Int) {
    #expect(
      JSONReaderTests.failure(of: Array(text.utf8))
        == JSONReaderTests.expected(reason: reason, offset: offset))
  }

  @Test("refuses bytes that are not UTF-8")
  func encoding() {
    for bytes: [UInt8] in [[0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
      #expect(
        JSONReaderTests.failure(of: [0x5B, 0x22] + bytes + [0x22, 0x5D])
          == JSONReaderTests.expected(reason: "a text that is not UTF-8", offset: 1))
    }
  }

  @Test("reads texts up to its limits")
  func limits() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(JSONReaderTests.failure(of: nested(64)) == nil)
    #expect(
      JSONReaderTests.failure(of: nested(65))
        == JSONReaderTests.expected(reason: "nested deeper than 64", offset: 64))
    // Without the limit, such a text would overflow every stack.
    #expect(
      JSONReaderTests.failure(of: [UInt8](repeating: UInt8(ascii: "["), count: 10_000_000))
        == JSONReaderTests.expected(reason: "nested deeper than 64", offset: 64))
    func list(_ count: Int) -> [UInt8] {
      Array("[".utf8) + Array(repeatElement("0,".utf8, count: count - 1).joined())
        + Array("0]".utf8)
    }
    #expect(JSONReaderTests.failure(of: list(999_999)) == nil)
    #expect(
      JSONReaderTests.failure(of: list(1_000_000))
        == JSONReaderTests.expected(reason: "more than 1000000 values", offset: 1_999_999))
    let marks = String(repeating: "\u{301}", count: 31)
    #expect(
      JSONReaderTests.failure(of: Array("\"a\(marks)\"".utf8))
        == JSONReaderTests.expected(
          reason: "a text with more than 30 combining marks in a row", offset: 0))
    let digits = [UInt8](repeating: UInt8(ascii: "1"), count: 1 << 20)
    #expect(JSONReaderTests.failure(of: digits) == nil)
    #expect(
      JSONReaderTests.failure(of: digits + digits)
        == JSONReaderTests.expected(reason: "a number of more than 1048576 digits", offset: 2 << 20)
    )
  }

  @Test("reads back written JSON with the same values")
  func round() throws {
    let node = try parsed("a: [1, 2.5, ~, \"x\\n\\u00e9\"]\nb: {c: {}, d: [], 'é': [{e: true}]}\n")
    #expect(try Node.parseJSON(Array(node.json.utf8)).outline == node.outline)
  }
}
