import Oracles
import Testing
import YAML

@Suite struct NodeTests {
  @Test func keysAreFound() {
    let node = Node.mapping([("a", .plain("1")), ("b", .text("2"))])
    #expect(node["a"]?.scalar?.resolved == .integer(1))
    #expect(node["b"]?.scalar?.resolved == .text("2"))
    #expect(node["c"] == nil)
    #expect(Node.plain("a")["a"] == nil)
  }

  @Test(arguments: ["1", "~", "", "true", ".nan", "0x1F", "1e3"])
  func textsThatLookLikeValuesAreQuoted(_ text: String) {
    #expect(Node.text(text).scalar == Scalar(text: text, style: .quoted))
  }

  @Test func otherTextsArePlain() {
    #expect(Node.text("abc").scalar == Scalar(text: "abc", style: .plain))
  }

  @Test(arguments: [
    ("abc", "'abc'"), ("~", "nothing"), ("", "nothing"), ("''", "''"), ("[]", "an empty list"),
    ("[1, 2]", "a list of 2"), ("{}", "an empty mapping"), ("{a: 1}", "a mapping"),
    ("\"a\\nb\"", "'a\\nb'"), ("'5'", "the text '5' (in quotes)"),
    ("\"true\"", "the text 'true' (in quotes)"), ("'5 a'", "'5 a'"),
  ]) func receivedSaysWhatItIs(_ text: String, _ received: String) throws {
    #expect(try parsed("a: \(text)")["a"]?.received == received)
  }

  @Test func receivedIsCut() {
    let node = Node.text(String(repeating: "x", count: 501))
    #expect(node.received == "'" + String(repeating: "x", count: 500) + "…'")
  }

  @Test func nullIsNull() throws {
    let node = try parsed("{a: ~, b: null, c: , d: '', e: 0}")
    #expect(
      ["a", "b", "c", "d", "e"].map { node[$0]?.isNull } == [true, true, true, false, false])
  }
}
