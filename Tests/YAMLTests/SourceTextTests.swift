import Testing
import YAML

@Suite struct SourceTextTests {
  @Test func linesAreSplitAtEveryBreak() {
    let text = SourceText(name: "t", text: "a\nb\rc\r\nd\u{85}e\u{2028}f\u{2029}g")
    #expect((1...7).map { text.line($0).map(String.init) } == ["a", "b", "c", "d", "e", "f", "g"])
    #expect(text.line(0) == nil)
    #expect(text.line(8) == nil)
  }

  @Test func aBreakAtTheEndBeginsAnEmptyLine() {
    let text = SourceText(name: "t", text: "a\n")
    #expect(text.line(1) == "a")
    #expect(text.line(2)?.isEmpty == true)
    #expect(text.line(3) == nil)
  }

  @Test func theEmptyTextHasOneEmptyLine() {
    let text = SourceText(name: "t", text: "")
    #expect(text.line(1)?.isEmpty == true)
    #expect(text.line(2) == nil)
    #expect(text.offset(line: 1, column: 1) == 0)
    #expect(text.mark(at: 0).description == "t:1:1")
  }

  @Test func aColumnBeyondTheLineIsItsEnd() {
    let text = SourceText(name: "t", text: "ab\ncd")
    #expect(text.offset(line: 1, column: 99) == 2)
    #expect(text.offset(line: 2, column: 99) == 5)
    #expect(text.offset(line: 3, column: 1) == nil)
  }

  @Test func aWindowShowsWhatStandsAround() throws {
    let text = SourceText(name: "t", text: "x\n0123456789é\ny")
    let window = try #require(text.window(line: 2, column: 6, width: 3))
    #expect(window.before == "234")
    #expect(window.after == "567")
    #expect(window.isCut == (true, true))
    let whole = try #require(text.window(line: 2, column: 6, width: 30))
    #expect(whole.before == "01234")
    #expect(whole.after == "56789é")
    #expect(whole.isCut == (false, false))
    let end = try #require(text.window(line: 2, column: 99, width: 2))
    #expect(end.before == "9é")
    #expect(end.after.isEmpty)
    #expect(text.window(line: 4, column: 1, width: 2) == nil)
  }

  /// Positions are found through waypoints that are 4,096 bytes apart. The test compares every
  /// position of a long text with a count from the beginning. A waypoint may fall inside any
  /// character.
  @Test(arguments: 0..<20) func placesAreWhatCountingGives(_ seed: UInt64) {
    var generator = FixedGenerator(seed: seed)
    let pieces = ["a", "é", "字", "😀", "\n", "\r", "\r\n", "\u{85}", "\u{2028}", " "]
    var scalars = String.UnicodeScalarView()
    while scalars.count < 6000 {
      let isLongLine = seed.isMultiple(of: 2)
      let piece = pieces[Int.random(in: 0..<(isLongLine ? 4 : 10), using: &generator)]
      scalars.append(contentsOf: piece.unicodeScalars)
      if isLongLine, scalars.count.isMultiple(of: 3001) { scalars.append("\n") }
    }
    let text = SourceText(name: "t", text: String(scalars))
    var (line, column, offset) = (1, 1, 0)
    var previous: Unicode.Scalar?
    var wrong = 0
    for scalar in scalars {
      // The line break CR LF ends after its second byte.
      if previous == "\r", scalar != "\n" { (line, column) = (line + 1, 1) }
      let mark = text.mark(at: offset)
      if (mark.line, mark.column) != (line, column) { wrong += 1 }
      if !(previous == "\r" && scalar == "\n"), text.offset(line: line, column: column) != offset {
        wrong += 1
      }
      offset += String(scalar).utf8.count
      switch scalar {
      case "\n", "\u{85}", "\u{2028}": (line, column) = (line + 1, 1)
      default: column += 1
      }
      previous = scalar
    }
    #expect(wrong == 0)
  }
}
