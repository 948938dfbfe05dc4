internal import Expressions
internal import YAML

/// The layers of a network with their sizes, and the totals.
package struct LayerTable {
  package let rows: [ReportContent.LayerRow]

  package init(rows: [ReportContent.LayerRow]) { self.rows = rows }

  package func write(to page: inout MarkupWriter) {
    page.element("h2", text: "Layers")
    page.element("div", ["class": "scroll"]) { scroll in
      scroll.element("table") { table in
        table.element("thead") { head in
          head.element("tr") { row in
            for name in ["name", "type", "output shape"] { row.element("th", text: name) }
            for name in ["parameters", "FLOPs"] {
              row.element("th", ["class": "number"], text: name)
            }
          }
        }
        table.element("tbody") { body in
          for layer in rows {
            write(
              [layer.name, layer.type, layer.outputShape],
              [Int128(layer.parameters), Int128(layer.flops)], to: &body)
          }
        }
        table.element("tfoot") { foot in
          write(["total", "", ""], [total(\.parameters), total(\.flops)], to: &foot)
        }
      }
    }
  }

  private func write(_ texts: [String], _ numbers: [Int128], to table: inout MarkupWriter) {
    table.lineBreak()
    table.element("tr") { row in
      for text in texts { row.element("td", text: text) }
      for number in numbers {
        row.element("td", ["class": "number"], text: number.grouped)
      }
    }
  }

  /// Returns the total. The result is wider than its terms, so that it cannot overflow.
  private func total(_ size: KeyPath<ReportContent.LayerRow, Int>) -> Int128 {
    rows.reduce(0) { $0 + Int128($1[keyPath: size]) }
  }
}
