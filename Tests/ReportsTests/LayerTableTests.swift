import Reports
import Testing

@Suite("Layer tables")
struct LayerTableTests {
  private func rows(_ layers: [ReportContent.LayerRow]) throws -> [[String]] {
    var writer = MarkupWriter()
    writer.element("main") { LayerTable(rows: layers).write(to: &$0) }
    return try XMLDocument(writer.string).root.all("tr").map { $0.children.map(\.text) }
  }

  @Test("have a row for each layer and the totals below")
  func table() throws {
    let rows = try rows([
      .init(name: "ip1", type: "Linear", outputShape: "20x100", parameters: 78_500, flops: 1_000),
      .init(name: "<b>", type: "ReLU", outputShape: "20x100", parameters: 0, flops: 234),
    ])
    #expect(
      rows == [
        ["name", "type", "output shape", "parameters", "FLOPs"],
        ["ip1", "Linear", "20x100", "78,500", "1,000"],
        ["<b>", "ReLU", "20x100", "0", "234"],
        ["total", "", "", "78,500", "1,234"],
      ])
  }

  @Test("add the greatest sizes without overflow")
  func overflow() throws {
    let layer = ReportContent.LayerRow(
      name: "a", type: "b", outputShape: "c", parameters: .max, flops: .max)
    #expect(try rows([layer, layer]).last?.last == "18,446,744,073,709,551,614")
  }
}
