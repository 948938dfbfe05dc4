import Reports
import Testing

@Suite("Style sheets")
struct StyleSheetTests {
  @Test("need no escapes, so that HTML and XML read the same")
  func escapes() {
    for sheet in [StyleSheet.page, StyleSheet(chartsOf: 5)] {
      var writer = MarkupWriter()
      writer.style(sheet)
      #expect(writer.string == "<style>\(sheet.text)</style>")
    }
  }

  @Test("close all braces, and load nothing")
  func syntax() {
    for text in [StyleSheet.page.text, StyleSheet(chartsOf: 300).text] {
      #expect(text.filter { $0 == "{" }.count == text.filter { $0 == "}" }.count)
      for word in ["url", "@import", "http", "expression"] { #expect(!text.contains(word)) }
    }
  }

  @Test("define the requested colours once for each scheme")
  func colors() {
    let text = StyleSheet(chartsOf: 2).text
    #expect(text.contains(".c0{color:#0072B2}.c1{color:#D55E00}\n@media screen"))
    #expect(text.contains(".c0{color:\(Palette.dark(0))}.c1{color:\(Palette.dark(1))}\n}"))
    #expect(!text.contains(".c2{"))
    let all = StyleSheet(chartsOf: 1_000).text
    #expect(all.contains(".c\(Palette.count - 1){") && !all.contains(".c\(Palette.count){"))
    #expect(!StyleSheet(chartsOf: 0).text.contains(".c0{"))
  }

  @Test("have a light, a dark and a printed form of the page")
  func forms() {
    #expect(StyleSheet.page.text.contains("@media screen and (prefers-color-scheme:dark){"))
    #expect(StyleSheet.page.text.contains("@media print{"))
  }
}
