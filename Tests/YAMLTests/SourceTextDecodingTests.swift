import Oracles
import Testing
import YAML

@Suite struct SourceTextDecodingTests {
  private func utf16(_ text: String, isBigEndian: Bool, hasMark: Bool = true) -> [UInt8] {
    let units = (hasMark ? [0xFEFF] : []) + Array(text.utf16)
    return units.flatMap {
      isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)]
    }
  }

  @Test(arguments: [false, true]) func utf16WithAMarkIsRead(_ isBigEndian: Bool) throws {
    let bytes = utf16("a: [é, 字, 😀]\r\nb: 1\n", isBigEndian: isBigEndian)
    let node = try Node.parse(bytes, name: "t")
    #expect(node.outline == #"{"a": ["é", "字", "😀"], "b": 1}"#)
    #expect(node["b"]?.mark.description == "t:2:4")
  }

  @Test(arguments: [false, true]) func utf16WithoutAMarkIsRefused(_ isBigEndian: Bool) {
    let message = mistakes(in: utf16("a: 1", isBigEndian: isBigEndian, hasMark: false))
    #expect(
      message.hasPrefix("test.yaml:1:\(isBigEndian ? 1 : 2): error: a NUL character is not allowed")
    )
  }

  @Test func utf16MistakesHavePlaces() {
    var bytes = utf16("a: x\nb: y\nb: ", isBigEndian: false)
    bytes += [0x00, 0xD8, 0x41, 0x00, 0x42]
    #expect(
      mistakes(in: bytes) == """
        test.yaml:3:1: error: duplicate key 'b'
            3 | b: \u{FFFD}A\u{FFFD}
              | ^
        test.yaml:2:1: note: the first one is here
            2 | b: y
              | ^
        test.yaml:3:4: error: an unpaired UTF-16 surrogate
            3 | b: \u{FFFD}A\u{FFFD}
              |    ^
        test.yaml:3:6: error: the last UTF-16 character is cut off
            3 | b: \u{FFFD}A\u{FFFD}
              |      ^
        """)
  }

  /// Reading continues after undecodable bytes, and positions stay right.
  @Test func everyUnreadableCharacterIsReported() {
    let bytes = Array("é: 1\r\nb: ".utf8) + [0xFF] + Array("\nc: \u{1}\u{85}\n字: \u{0}x\u{9F}".utf8)
    #expect(
      mistakes(in: bytes + Array("\nb: 2\u{FEFF}\u{FFFE}\n".utf8)) == """
        test.yaml:2:4: error: these bytes are not UTF-8
            2 | b: \u{FFFD}
              |    ^
        test.yaml:3:4: error: the control character U+0001 is not allowed
            3 | c: \\u{1}
              |    ^
        test.yaml:5:4: error: a NUL character is not allowed
            5 | 字: \\u{0}x\\u{9F}
              |    ^
        test.yaml:5:6: error: the control character U+009F is not allowed
            5 | 字: \\u{0}x\\u{9F}
              |          ^
        test.yaml:6:1: error: duplicate key 'b'
            6 | b: 2\\u{FEFF}\u{FFFE}
              | ^
        test.yaml:2:1: note: the first one is here
            2 | b: \u{FFFD}
              | ^
        test.yaml:6:5: error: the character U+FEFF is not allowed
            6 | b: 2\\u{FEFF}\u{FFFE}
              |     ^
        test.yaml:6:6: error: the character U+FFFE is not allowed
            6 | b: 2\\u{FEFF}\u{FFFE}
              |             ^
        """)
  }

  private static let broken: [[UInt8]] = [
    [0xFF], [0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    [0xE2, 0x80], [0xF0, 0x9F, 0x98], [0xF8, 0x88, 0x80, 0x80, 0x80],
  ]

  /// Overlong forms, surrogates, codes beyond Unicode, and truncated sequences.
  @Test(arguments: broken) func whatIsNotUTF8IsRefused(_ sequence: [UInt8]) {
    let bytes = Array("a: 1\nb: ".utf8) + sequence + Array("\nc: 3\n".utf8)
    #expect(mistakes(in: bytes).hasPrefix("test.yaml:2:4: error: these bytes are not UTF-8\n"))
  }

  private static let forbidden =
    [0x00...0x08, 0x0B...0x0C, 0x0E...0x1F, 0x7F...0x84, 0x86...0x9F, 0xFEFF...0xFEFF]
    .flatMap { Array($0) } + [0xFFFE, 0xFFFF]

  @Test(arguments: forbidden) func controlCharactersAreRefused(_ code: Int) throws {
    let scalar = try #require(Unicode.Scalar(code))
    #expect(
      headlines(of: "a: 1\nbc: x\(Character(scalar))").map { $0.prefix(14) } == ["t:2:6: error: "])
  }

  @Test(arguments: [0x09, 0x20, 0x7E, 0xA0, 0xFFFD, 0xE000, 0x10FFFF, 0x1FFFE])
  func otherCharactersAreText(_ code: Int) throws {
    let scalar = try #require(Unicode.Scalar(code))
    #expect(
      try parsed("a: 'x\(Character(scalar))y'")["a"]?.scalar?.text == "x\(Character(scalar))y")
  }

  @Test func whatIsNoTextIsNotReadOn() {
    let message = mistakes(in: [UInt8](repeating: 0xFF, count: 1000))
    #expect(message.split(separator: "\n").count { $0.contains(": error: ") } == 21)
    #expect(
      message.contains(
        "test.yaml:1:21: error: reading stops here, after 20 unreadable characters: "
          + "this is not text in UTF-8 or UTF-16"))
    // With one fewer, the rest is read.
    let text = "a: " + String(repeating: "\u{1}", count: 20) + "\na: 2"
    #expect(headlines(of: text).last == "t:2:1: error: duplicate key 'a'")
    #expect(headlines(of: text).count == 21)
  }
}
