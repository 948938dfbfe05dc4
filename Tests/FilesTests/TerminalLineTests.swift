import Files
import Testing

@Suite("A line of a terminal") struct TerminalLineTests {
  @Test(
    "is as wide as its characters",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("ｱ", 1), ("Ａ", 2),
      ("🙂", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("\u{301}", 0), ("a\u{200B}b", 2), ("…", 1),
    ])
  func width(text: String, columns: Int) {
    #expect(TerminalLine.columns(of: text) == columns)
  }

  @Test(
    "is cut to the window",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
      ("abcdef", -1, ""), ("", 0, ""), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
      ("日本語", 3, "日…"), ("日本語", 2, "…"), ("a日本", 3, "a…"),
      ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
  func cut(text: String, width: Int, shown: String) {
    #expect(TerminalLine.cut(text, width: width) == shown)
  }

  @Test("never exceeds the width of the window", arguments: 0...80)
  func anyWidth(width: Int) {
    let parts = [
      "epoch 12", "iteration 1234/56789", "loss 0.12345678", "정확도 0.5", "12/s", "0:01 left",
    ]
    let line = TerminalLine.text(parts, width: width)
    #expect(TerminalLine.columns(of: line) <= width)
    #expect(width < 76 || line == parts.joined(separator: "  "))
  }
}
