import Testing

@Suite("The XML parser")
struct XMLDocumentTests {
  @Test("reads elements, attributes, references and text")
  func reads() throws {
    let text = "<!DOCTYPE html>\n<a b=\"1 &lt; 2\" c=\"\">x<d/>y<d class=\"e f\">&amp;z</d></a>\n"
    let root = try XMLDocument(text).root
    #expect(root.name == "a")
    #expect(root.attributes == ["b": "1 < 2", "c": ""])
    #expect(root.text == "xy&z")
    #expect(root.all("d").count == 2)
    #expect(root.all(class: "f").map(\.text) == ["&z"])
  }

  @Test(
    "refuses malformed texts",
    arguments: [
      "", "text", "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a b=\"1\" b=\"2\"/>", "<a b='1'/>",
      "<a>&nbsp;</a>", "<a>&</a>", "<a b=\"<\"/>", "<a>\u{1}</a>", "<a b=\"1\"c=\"2\"/>",
      "<br>", "<a><b></a></b>",
    ])
  func refuses(text: String) {
    #expect(throws: XMLDocument.Problem.self) { try XMLDocument(text) }
  }
}
