import Files
import Testing

@Suite("Comma-separated text") struct CSVTextTests {
  @Test(
    "quotes a cell that a reader would divide",
    arguments: [
      (["a", "b"], "a,b"), (["1.5", "-2e-7", ""], "1.5,-2e-7,"), (["a,b"], "\"a,b\""),
      (["say \"no\"", "x"], "\"say \"\"no\"\"\",x"), (["two\nlines"], "\"two\nlines\""),
      (["two\r\nlines"], "\"two\r\nlines\""), (["Zürich"], "Zürich"), ([""], "\"\""),
    ])
  func quotes(cells: [String], line: String) {
    #expect(CSVText.line(cells) == line + "\n")
  }
}
