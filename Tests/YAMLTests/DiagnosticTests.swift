import Oracles
import Testing
import YAML

@Suite struct DiagnosticTests {
  private let source = SourceText(name: "m.yaml", text: "a: 1\n  momentun: 0.9\nb:\t2\n")

  private func mark(_ line: Int, _ column: Int) -> Mark {
    Mark(source: source, line: line, column: column)
  }

  @Test func showsPlaceLineCaretAndSuggestion() {
    let diagnostic = Diagnostic(
      "unknown field 'momentun'", at: mark(2, 3), suggestion: "momentum",
      notes: [Diagnostic.Note("the mapping begins here", at: mark(1, 1))])
    #expect(
      diagnostic.rendered == """
        m.yaml:2:3: error: unknown field 'momentun'; did you mean 'momentum'?
            2 |   momentun: 0.9
              |   ^
        m.yaml:1:1: note: the mapping begins here
            1 | a: 1
              | ^
        """)
  }

  private func copy(at line: Int) -> SourceText {
    SourceText(
      copying: source,
      notes: [
        Diagnostic.Note("defined here", at: mark(1, 1)),
        Diagnostic.Note("called here", at: mark(line, 1)),
      ])
  }

  @Test func aCopiedTextSaysWhereItWasCopied() {
    #expect(
      Diagnostic("x", at: Mark(source: copy(at: 3), line: 2, column: 3)).rendered == """
        m.yaml:2:3: error: x
            2 |   momentun: 0.9
              |   ^
        m.yaml:1:1: note: defined here
            1 | a: 1
              | ^
        m.yaml:3:1: note: called here
            3 | b:\\t2
              | ^
        """)
  }

  /// Reports from several copies about one position are one mistake. Two reports from one copy are
  /// two.
  @Test func copiesAreReportedOnce() {
    var diagnostics = Diagnostics()
    let (first, second) = (copy(at: 3), copy(at: 1))
    for source in [first, second] {
      for message in ["x", "y"] {
        diagnostics.error(message, at: Mark(source: source, line: 2, column: 3))
      }
    }
    diagnostics.error("z", at: Mark(source: second, line: 2, column: 4))
    #expect(diagnostics.all.map(\.message) == ["x", "y", "z"])
    #expect(diagnostics.errorCount == 3)
  }

  @Test func warningsSaySo() {
    let diagnostic = Diagnostic("odd", at: mark(1, 4), severity: .warning)
    #expect(
      diagnostic.rendered == """
        m.yaml:1:4: warning: odd
            1 | a: 1
              |    ^
        """)
  }

  @Test func theCaretCountsEscapes() {
    #expect(
      Diagnostic("x", at: mark(3, 4)).rendered == """
        m.yaml:3:4: error: x
            3 | b:\\t2
              |     ^
        """)
  }

  @Test(arguments: [(1, 99), (1, 5)]) func aColumnBeyondTheLineIsItsEnd(_ line: Int, _ column: Int)
  {
    #expect(
      Diagnostic("x", at: mark(line, column)).rendered == """
        m.yaml:\(line):\(column): error: x
            1 | a: 1
              |     ^
        """)
  }

  @Test(arguments: [(0, 0), (9, 1)]) func aLineThatIsNotThereIsNotShown(_ line: Int, _ column: Int)
  {
    let rendered = Diagnostic("x", at: mark(line, column)).rendered
    #expect(rendered == (line == 0 ? "m.yaml: error: x" : "m.yaml:9:1: error: x"))
  }

  @Test func aColumnOfZeroIsTheFirst() {
    #expect(Diagnostic("x", at: mark(1, 0)).rendered.hasSuffix("    1 | a: 1\n      | ^"))
  }

  @Test func aLongLineIsCutAroundTheCaret() {
    let line = String(repeating: "x", count: 100) + "é" + String(repeating: "y", count: 100)
    let source = SourceText(name: "m.yaml", text: line)
    let diagnostic = Diagnostic("here", at: Mark(source: source, line: 1, column: 101))
    #expect(
      diagnostic.rendered == """
        m.yaml:1:101: error: here
            1 | …\(String(repeating: "x", count: 60))é\(String(repeating: "y", count: 59))…
              | \(String(repeating: " ", count: 61))^
        """)
  }

  @Test func longLineNumbersKeepTheMargin() {
    let source = SourceText(name: "m", text: String(repeating: "\n", count: 123_455) + "abc")
    #expect(
      Diagnostic("x", at: Mark(source: source, line: 123_456, column: 2)).rendered == """
        m:123456:2: error: x
        123456 | abc
               |  ^
        """)
  }

  @Test func nothingOfTheInputReachesTheTerminal() {
    let source = SourceText(name: "m\u{1B}[2J", text: "\u{1B}[31m\u{202E}evil\u{7}")
    let mark = Mark(source: source, line: 1, column: 8)
    #expect(
      Diagnostic("bad \u{1B}]0;title\u{7}\nline\r\u{85}", at: mark).rendered == """
        m\\u{1B}[2J:1:8: error: bad \\u{1B}]0;title\\u{7}\\nline\\r\\u{85}
            1 | \\u{1B}[31m\\u{202E}evil\\u{7}
              | \(String(repeating: " ", count: 19))^
        """)
  }

  @Test(arguments: [
    ("abc", "abc"), ("a\tb", "a\\tb"), ("\u{0}", "\\u{0}"), ("\u{200B}", "\\u{200B}"),
    ("\u{2028}", "\\u{2028}"), ("\u{E0001}", "\\u{E0001}"), ("é字😀", "é字😀"),
  ]) func controlsAreEscaped(_ text: String, _ escaped: String) {
    #expect(text.escapingControls == escaped)
  }

  @Test(arguments: [(499, 499), (500, 500), (501, 501), (100_000, 501)])
  func quotedInputIsCut(_ length: Int, _ shown: Int) {
    let quoted = String(repeating: "é", count: length).quotable
    #expect(quoted.count == shown)
    #expect(quoted.hasSuffix("…") == (length > 500))
  }

  @Test func wholeMessagesAreCutAndEscaped() {
    #expect("a\nb".asMessage == "a\\nb")
    #expect(String(repeating: "x", count: 4000).asMessage.count == 4000)
    let long = String(repeating: "x", count: 200_000).asMessage
    #expect(long == String(repeating: "x", count: 4000) + "…")
  }

  @Test func messagesAreCut() {
    let long = String(repeating: "x", count: 5000)
    let diagnostic = Diagnostic(
      long, at: .none, suggestion: "y", notes: [Diagnostic.Note(long, at: .none)])
    #expect(
      diagnostic.message == String(repeating: "x", count: 4000) + "…; did you mean 'y'?")
    #expect(diagnostic.notes.map(\.message.count) == [4001])
  }
}

@Suite struct DiagnosticsTests {
  private let source = SourceText(name: "m", text: "abc\ndef")

  @Test func areSortedByPlace() {
    let other = SourceText(name: "a", text: "")
    var diagnostics = Diagnostics()
    diagnostics.error("1", at: Mark(source: source, line: 2, column: 1))
    diagnostics.error("2", at: Mark(source: source, line: 1, column: 3))
    diagnostics.error("3", at: Mark(source: source, line: 1, column: 2))
    diagnostics.error("4", at: Mark(source: source, line: 1, column: 3))
    diagnostics.error("5", at: Mark(source: other, line: 7, column: 1))
    #expect(diagnostics.sorted.map(\.message) == ["5", "3", "2", "4", "1"])
    #expect(
      diagnostics.rendered == """
        a:7:1: error: 5
        m:1:2: error: 3
            1 | abc
              |  ^
        m:1:3: error: 2
            1 | abc
              |   ^
        m:1:3: error: 4
            1 | abc
              |   ^
        m:2:1: error: 1
            2 | def
              | ^
        """)
  }

  @Test func warningsAreNoErrors() {
    var diagnostics = Diagnostics(Diagnostic("odd", at: .none, severity: .warning))
    #expect(!diagnostics.hasErrors)
    diagnostics.error("wrong", at: .none)
    #expect(diagnostics.hasErrors)
    #expect(diagnostics.all.map(\.message) == ["odd", "wrong"])
    #expect(!Diagnostics().hasErrors)
    #expect(Diagnostics().rendered.isEmpty)
  }

  @Test(arguments: [
    (999, false, ""), (1000, true, ""), (1001, true, "and 1 more error"),
    (1003, true, "and 3 more errors"),
  ])
  func moreThanAThousandAreCounted(_ count: Int, _ isFull: Bool, _ end: String) {
    var diagnostics = Diagnostics()
    for number in 0..<count { diagnostics.error("\(number)", at: .none) }
    #expect(diagnostics.isFull == isFull)
    #expect(diagnostics.errorCount == count)
    #expect(diagnostics.all.count == min(count, 1000))
    let lines = diagnostics.rendered.split(separator: "\n")
    #expect(lines.count == min(count, 1001))
    #expect(end.isEmpty || lines.last ?? "" == end)
  }

  @Test func warningsDoNotDisplaceErrors() {
    var diagnostics = Diagnostics()
    for _ in 0..<1002 { diagnostics.report(Diagnostic("odd", at: .none, severity: .warning)) }
    diagnostics.error("wrong", at: .none)
    #expect(diagnostics.all.last?.message == "wrong")
    #expect(diagnostics.rendered.hasSuffix("(default): error: wrong\nand 2 more warnings"))
  }

  @Test func mergingKeepsCounts() {
    var first = Diagnostics()
    for _ in 0..<600 { first.error("a", at: .none) }
    var second = Diagnostics()
    for _ in 0..<1500 { second.error("b", at: .none) }
    second.report(Diagnostic("odd", at: .none, severity: .warning))
    first.merge(second)
    first.omitErrors(10)
    #expect(first.errorCount == 2110)
    #expect(first.warningCount == 1)
    #expect(first.all.count == 1001)
    #expect(first.rendered.hasSuffix("and 1110 more errors"))
  }

  /// A thousand mistakes in one line of 16 MB, and at the ends of a million lines.
  @Test(.tags(.slow), arguments: [" ", "\n"]) func renderingIsQuick(_ filler: String) {
    let source = SourceText(name: "m", text: String(repeating: filler + "é", count: 5_000_000))
    var diagnostics = Diagnostics()
    for number in 0..<1000 {
      let mark =
        filler == " "
        ? Mark(source: source, line: 1, column: 9_000_000 + number)
        : Mark(source: source, line: 4_000_000 + number, column: 1)
      diagnostics.error("wrong", at: mark)
    }
    let start = threadSeconds()
    #expect(diagnostics.rendered.utf8.count > 20_000)
    #expect(threadSeconds() - start < 1)
  }
}
