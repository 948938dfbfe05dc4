import Reports
import Testing

@Suite("Markup")
struct MarkupWriterTests {
  private func written(_ write: (inout MarkupWriter) -> Void) -> String {
    var writer = MarkupWriter()
    write(&writer)
    return writer.string
  }

  @Test("nests elements and closes each of them")
  func nesting() {
    let text = written {
      $0.documentType()
      $0.element("a", ["class": "x"]) { inner in
        inner.element("b")
        inner.lineBreak()
        inner.element("c", text: "1 < 2")
      }
    }
    #expect(text == "<!DOCTYPE html>\n<a class=\"x\"><b/>\n<c>1 &lt; 2</c></a>")
  }

  @Test("writes every kind of attribute")
  func attributes() {
    var path = PathData(unit: .one)
    path.move(x: 1, y: 2)
    let text = written {
      $0.element(
        "a",
        [
          "b": .numbered("line c", 3), "c": .text("\"<&"), "d": .integer(-120), "e": .pixels(2.26),
          "f": .path(path), "g": .box(width: 3, height: 40), "h": .shift(x: 0.5, y: -7),
        ])
    }
    #expect(
      text == """
        <a b="line c3" c="&quot;&lt;&amp;" d="-120" e="2.3" f="m1 2" g="0 0 3 40" \
        h="translate(.5 -7)"/>
        """)
  }

  @Test("appends the output of another writer unchanged")
  func fragments() {
    var fragment = MarkupWriter()
    fragment.element("b", text: "&")
    #expect(written { $0.element("a") { $0.append(fragment) } } == "<a><b>&amp;</b></a>")
  }

  @Test(
    "escapes text",
    arguments: [
      ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
      ("\" onload='x' & more", "&quot; onload=&#39;x&#39; &amp; more"),
      ("Größe Δ 損失 🙂", "Größe Δ 損失 🙂"),
      ("line\n\ttab", "line\n\ttab"),
      ("a\u{0}b\u{1B}[31mc\u{7F}d\u{85}e\rf", "a�b�[31mc�d�e�f"),
      ("user\u{202E}txt\u{202C} \u{2066}x\u{2069}", "user�txt� �x�"),
      ("\u{FFFE}\u{FFFF}", "��"),
      ("", ""),
    ])
  func escaping(text: String, escaped: String) {
    #expect(written { $0.text(text) } == escaped)
  }

  @Test("is well-formed for every character up to U+FFFF")
  func everyCharacter() throws {
    let scalars = (0..<0x1_0000).compactMap { Unicode.Scalar(UInt32($0)) }
    let text = String(String.UnicodeScalarView(scalars))
    let document = written {
      $0.element("a", ["b": .text(text)]) { $0.text(text) }
    }
    let root = try XMLDocument(document).root
    #expect(root.text.unicodeScalars.count == scalars.count)
    #expect(root.attributes["b"] == root.text)
    #expect(root.text.contains("<=>?@ABC"))
  }

  @Test(
    "rounds lengths to tenths and omits characters that SVG does not need",
    arguments: [
      (0, "0"), (0.04, "0"), (-0.04, "0"), (0.05, ".1"), (-0.5, "-.5"), (12, "12"),
      (12.34, "12.3"), (-12.36, "-12.4"), (9.96, "10"), (1_234.5, "1234.5"),
    ])
  func lengths(value: Double, text: String) {
    #expect(written { $0.element("a", ["b": .pixels(value)]) } == "<a b=\"\(text)\"/>")
  }

  @Test(
    "writes integers of any size",
    arguments: [0, 7, 10, -1, -99, 100_200_300, Int.max, Int.min])
  func integers(value: Int) {
    #expect(written { $0.element("a", ["b": .integer(value)]) } == "<a b=\"\(value)\"/>")
  }
}
