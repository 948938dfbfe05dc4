import Oracles
import Testing
import YAML

/// Tests each limit from both sides: a text at the limit is read, and one beyond it is refused with
/// its position.
@Suite struct LimitsTests {
  private func node(_ bytes: [UInt8]) throws(Diagnostics) -> Node {
    try Node.parse(bytes, name: "t")
  }

  private func refusal(_ text: String) -> String? { headlines(of: text).first }

  private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  @Test func textOf16MB() throws {
    let comment = [UInt8](repeating: UInt8(ascii: "x"), count: Limits.textBytes - 6)
    #expect(try node(Array("a: 1 #".utf8) + comment).outline == #"{"a": 1}"#)
    #expect(
      mistakes(in: Array("a: 12 #".utf8) + comment)
        == "test.yaml: error: the file has 16777217 bytes; at most 16777216 are allowed"
    )
  }

  private static let nestings: [(opening: String, closing: String, place: String)] = [
    ("[", "]", "1:65"), ("{a: ", "}", "1:257"), ("- ", "", "1:129"), ("? ", "", "1:129"),
  ]

  @Test(arguments: nestings)
  func collectionsInCollections(_ opening: String, _ closing: String, _ place: String) {
    let fits = repeated(opening, Limits.depth) + "x" + repeated(closing, Limits.depth)
    // A key that is not a scalar is a different mistake.
    #expect(headlines(of: fits).filter { $0.contains("deep") } == [])
    let tooDeep = repeated(opening, Limits.depth + 1) + "x" + repeated(closing, Limits.depth + 1)
    #expect(refusal(tooDeep) == "t:\(place): error: nested more than 64 deep")
  }

  @Test func blocksInBlocks() throws {
    func mappings(_ depth: Int) -> String {
      (0..<depth).map { repeated(" ", $0) + "a:\n" }.joined()
    }
    #expect(try parsed(mappings(64)).outline.hasPrefix(#"{"a": {"a": "#))
    #expect(refusal(mappings(65)) == "t:65:65: error: nested more than 64 deep")
  }

  /// The nodes of an alias count at the position of the alias.
  @Test func aliasesInCollections() throws {
    let anchor = "- &a " + repeated("[", 40) + repeated("]", 40) + "\n- "
    #expect(try parsed(anchor + repeated("[", 23) + "*a" + repeated("]", 23)).items?.count == 2)
    #expect(
      refusal(anchor + repeated("[", 24) + "*a" + repeated("]", 24))
        == "t:2:27: error: nested more than 64 deep, including the nodes of the alias '*a'")
  }

  @Test func aMillionNodes() throws {
    #expect(try parsed(repeated("- a\n", 999_999)).items?.count == 999_999)
    #expect(
      refusal(repeated("- a\n", 1_000_000))
        == "t:1000000:3: error: the document has more than 1000000 nodes")
    // Keys are nodes too.
    let pairs = (0..<499_999).map { "\($0): \n" }.joined()
    #expect(try parsed(pairs).pairs?.count == 499_999)
    #expect(
      refusal(pairs + "x: 1") == "t:500000:4: error: the document has more than 1000000 nodes")
  }

  @Test func aMillionNodesThroughAliases() throws {
    // The list of 999 items has 1,000 nodes. The root, the list and 1,000 aliases together have
    // 1,001,001 nodes, so one alias is too many.
    let list = "- &a [" + repeated("x,", 998) + "]\n"
    #expect(try parsed(list + repeated("- *a\n", 1000)).items?.count == 1001)
    #expect(
      refusal(list + repeated("- *a\n", 1001))
        == "t:1002:3: error: the document has more than 1000000 nodes, including the nodes of "
        + "the alias '*a'")
  }

  @Test func manyLaughs() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1..<60 {
      text += "a\(level): &a\(level) [\(repeated("*a\(level - 1),", 10))]\n"
    }
    #expect(
      refusal(text)
        == "t:6:38: error: the document has more than 1000000 nodes, including the nodes of "
        + "the alias '*a4'")
  }

  private static let scalars: [(before: String, filler: String, after: String)] = [
    ("- ", "x", ""), ("- \"", "x", "\""), ("- '", "x", "'"), ("- |-\n ", "x", "\n"),
    ("- ", "é", ""), ("- \"", #"\x41"#, "\""), ("? ", "x", "\n: 1"),
  ]

  @Test(arguments: scalars)
  func aScalarOf1MB(_ before: String, _ filler: String, _ after: String) throws {
    let width = filler == "é" ? 2 : 1
    let text = repeated(filler, Limits.scalarBytes / width)
    let node = try parsed(before + text + after)
    let scalar = node.items?.first?.scalar ?? node.pairs?.first?.key.scalar
    #expect(scalar?.text.utf8.count == Limits.scalarBytes)
    #expect(
      refusal(before + text + filler + after)
        == "t:1:3: error: this text has \(Limits.scalarBytes + width) bytes; at most 1048576 (1 MB) "
        + "are allowed")
  }

  @Test func aHundredThousandAnchors() throws {
    let anchors = (0..<100_000).map { "- &a\($0) x\n" }.joined()
    #expect(try parsed(anchors + "- &a0 y\n- *a99999\n").items?.count == 100_002)
    #expect(
      refusal(anchors + "- &b x\n")
        == "t:100001:3: error: the document has more than 100000 anchors")
  }

  @Test func sixtyFourDirectives() throws {
    let directives = "# x\n\n" + (0..<64).map { "%TAG !a\($0)! tag:b\n" }.joined()
    #expect(try parsed(directives + "--- a").outline == #""a""#)
    #expect(
      refusal(directives + "%YAML 1.2\n--- a")
        == "t:67:1: error: more than 64 directives before the document")
    // Such lines inside the document are not directives.
    #expect(try parsed("|\n" + repeated(" %a\n", 100)).scalar?.text.utf8.count == 300)
  }

  /// libyaml's buffer for a run of 1,048,571 blanks has 1,048,576 bytes. libyaml clears it for each
  /// following word.
  @Test func longRunsOfBlanks() throws {
    let start = "a: 1 # x" + repeated(" ", 1_048_571)
    #expect(try parsed(start + repeated("x ", 3814)).outline == #"{"a": 1}"#)
    #expect(
      refusal(start + repeated("x ", 3815))
        == "t:1:1056208: error: reading stops here, since it would take too long: a run of 1048571 "
        + "blanks or line breaks precedes this, and too much text follows")
    #expect(try node([UInt8](repeating: 0x20, count: Limits.textBytes - 1) + [0x61]).scalar != nil)
    let words = "- \"" + repeated(" ", 200) + repeated("x ", 500_000) + "\"\n"
    #expect(try parsed(repeated(words, 16)).items?.count == 16)
  }
}
