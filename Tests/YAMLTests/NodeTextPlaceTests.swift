import Oracles
import Testing
import YAML

/// Finds positions inside scalars in their written form.
@Suite struct NodeTextPlaceTests {
  /// The position of the first `?` in the value of `a`, as `line:column`, and the character there.
  private func place(in text: String) throws -> String {
    let node = try #require(try parsed(text)["a"])
    let value = try #require(node.scalar?.text)
    let offset = value.utf8.prefix { $0 != UInt8(ascii: "?") }.count
    let mark = node.mark(ofTextAt: offset)
    return "\(mark.line):\(mark.column)"
  }

  @Test(
    arguments: [
      ("a: x + ?", "1:8"), ("a: 'x + ?'", "1:9"), ("a: \"x + ?\"", "1:9"),
      ("a: 'it''s ?'", "1:11"), ("a: 'é ?'", "1:7"), ("a: \"\\x41\\u0042 ?\"", "1:16"),
      ("a: \"x\\t?\"", "1:8"), ("a: \"x\\n  ?\"", "1:10"), ("a: \"\\\\ \\\" ?\"", "1:11"),
      ("a: x +\n  1 + ?", "2:7"), ("a: \"x +\n\n  1 + ?\"", "3:7"), ("a: \"x \\\n  + ?\"", "2:5"),
      ("a: |\n  x +\n  ? + 1\n", "3:3"), ("a: >-\n  x +\n  1 + ?\n", "3:7"),
      ("a: &name !!str x ?", "1:18"), ("a: &name\n  \"x ?\"", "2:6"), ("{a: 'x ?'}", "1:8"),
      ("a: \"\\U0000003F\"", "1:5"),
    ])
  func isFollowed(text: String, expected: String) throws {
    #expect(try place(in: text) == expected)
  }

  @Test func isTheEndWhereTheTextEnds() throws {
    let node = try #require(try parsed("a: 'x + '")["a"])
    let mark = node.mark(ofTextAt: 4)
    #expect((mark.line, mark.column) == (1, 8))
  }

  /// Substituted text has the position of the variable's use. Text after it has its own position.
  @Test(arguments: [(0, 5), (2, 5), (4, 10), (6, 12), (7, 13), (8, 17)])
  func isThatOfWhatWasWritten(offset: Int, column: Int) throws {
    let written = "$(k) + x$(n)"
    let node = try #require(try parsed("a: '\(written)'")["a"])
    let pieces = [(0, 3, false), (4, 4, true), (8, 1, false)].map {
      WrittenText.Piece(start: $0.0, count: $0.1, isKept: $0.2)
    }
    let source = SourceText(
      copying: node.mark.source, notes: [], writing: WrittenText(written, pieces: pieces))
    let made = Node(
      .scalar(Scalar(text: "100 + x7", style: .quoted)),
      at: Mark(source: source, line: node.mark.line, column: node.mark.column))
    #expect(made.mark(ofTextAt: offset).column == column)
  }

  @Test func isTheScalarsOwnWhereTheTextIsAnother() throws {
    var node = try #require(try parsed("a: 'x + 1'")["a"])
    node.value = .scalar(Scalar(text: "y + 1", style: .quoted))
    let mark = node.mark(ofTextAt: 4)
    #expect((mark.line, mark.column) == (1, 4))
    #expect(Node.text("y").mark(ofTextAt: 1).isNone)
  }
}
