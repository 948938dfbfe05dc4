import Testing
import YAML

@Suite struct MarkTests {
  private let source = SourceText(name: "a\nb.yaml", text: "x")

  @Test func describesItself() {
    #expect(Mark(source: source, line: 3, column: 14).description == "a\\nb.yaml:3:14")
  }

  @Test func withoutALineItIsTheFile() {
    let mark = Mark(source: source, line: 0, column: 0)
    #expect(mark.isNone)
    #expect(mark.description == "a\\nb.yaml")
    #expect(Mark.none.isNone)
    #expect(Mark.none.description == "(default)")
  }

  @Test func numbersOutOfBoundsAreClamped() {
    let mark = Mark(source: source, line: .max, column: -1)
    #expect(mark.line == Int(UInt32.max))
    #expect(mark.column == 0)
  }

  /// A document may have a million nodes, each with a mark.
  @Test func isSmall() {
    #expect(MemoryLayout<Mark>.size == 16)
    #expect(MemoryLayout<Node>.stride == 48)
  }
}
