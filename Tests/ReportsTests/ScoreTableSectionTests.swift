import Reports
import Testing

@Suite("Tables of metrics")
struct ScoreTableSectionTests {
  @Test("have a title, the names of the columns, and a row for each class, all escaped")
  func table() throws {
    var writer = MarkupWriter()
    let table = ReportContent.Table(
      title: "test_f1 & more", cells: [["class", "f1"], ["<setosa>", "0.75"], ["b", "nan"]])
    writer.element("main") { ScoreTableSection(table).write(to: &$0) }
    let root = try XMLDocument(writer.string).root
    #expect(root.all("h2").map(\.text) == ["test_f1 & more"])
    #expect(
      root.all("tr").map { $0.children.map(\.text) } == [
        ["class", "f1"], ["<setosa>", "0.75"], ["b", "nan"],
      ])
  }
}
