import Reports
import Testing

@Suite("Legends")
struct LegendTests {
  private func drawn(_ legend: Legend) throws -> XMLDocument.Element {
    var writer = MarkupWriter()
    writer.element("svg") { legend.draw(into: &$0, left: 10, top: 20) }
    return try XMLDocument(writer.string).root
  }

  @Test("are only a title without entries")
  func titleOnly() throws {
    let legend = Legend(title: "loss & more", entries: [], width: 300)
    #expect(legend.rowCount == 1)
    let texts = try drawn(legend).all("text")
    #expect(texts.map(\.text) == ["loss & more"])
    #expect(texts.first?.attributes == ["class": "title", "x": "10", "y": "33"])
  }

  @Test("follow the title and fill as many rows as they need")
  func flow() throws {
    let entries = (0..<6).map { Legend.Entry(name: "class \($0)", mark: .point(color: $0)) }
    let legend = Legend(title: "Boundary", entries: entries, width: 260)
    #expect(legend.rowCount == 3)
    let texts = try drawn(legend).all("text")
    #expect(texts.map(\.text) == ["Boundary"] + (0..<6).map { "class \($0)" })
    #expect(texts.map { $0.attributes["y"] } == ["33", "33", "33", "51", "51", "51", "69"])
    for text in texts {
      let x = try #require(Double(text.attributes["x"] ?? ""))
      #expect(x + textWidth(text.text, size: 11) <= 270)
    }
  }

  @Test("state the number of omitted entries")
  func remainder() throws {
    let entries = (0..<256).map { Legend.Entry(name: "\($0)", mark: .point(color: $0)) }
    let texts = try drawn(Legend(title: "", entries: entries, width: 500)).all("text")
    #expect(texts.count == 26)
    #expect(texts.last?.text == "and 232 more")
  }

  @Test("shorten names that are too long for a row")
  func longNames() throws {
    let long = String(repeating: "x", count: 10_000)
    let entry = Legend.Entry(name: long, mark: .gap)
    let texts = try drawn(Legend(title: long, entries: [entry, entry], width: 500)).all("text")
    #expect(texts.map(\.text.count) == [60, 40, 40])
  }

  @Test("draw the mark of each entry's kind")
  func marks() throws {
    let marks: [Legend.Mark] = [
      .line(color: 0), .range(color: 1), .measurements(color: 2), .point(color: 3), .gap,
    ]
    let entries = marks.map { Legend.Entry(name: "", mark: $0) }
    let root = try drawn(Legend(title: "", entries: entries, width: 500))
    #expect(root.all(class: "line").count == 3)
    #expect(root.all(class: "band").count == 1)
    #expect(root.all(class: "dots").count == 1)
    #expect(root.all(class: "region").count == 1)
    #expect(root.all(class: "point").count == 1)
    #expect(root.all(class: "gap").count == 1)
    for color in 0...3 { #expect(root.all(class: "c\(color)").count == 1) }
  }
}
