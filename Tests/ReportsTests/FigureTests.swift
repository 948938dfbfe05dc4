import Reports
import Testing

@Suite("Figures")
struct FigureTests {
  @Test(
    "shorten names of any length",
    arguments: [
      ("loss", 4, "loss"), ("losses", 4, "los…"), ("", 4, ""), ("Größe", 5, "Größe"),
      ("損失関数", 3, "損失…"), ("a\u{301}\u{301}\u{301}\u{301}", 3, "a\u{301}…"),
    ])
  func shortening(name: String, limit: Int, shortened: String) {
    #expect(name.shortened(to: limit) == shortened)
  }

  @Test("estimate wider texts for longer names and wider characters")
  func widths() {
    #expect(textWidth("", size: 11) == 0)
    #expect(textWidth("ab", size: 10) == 11.6)
    #expect(textWidth("損", size: 10) == 10)
  }
}
