/// The table of a metric's values for each class, below the metric's name.
package struct ScoreTableSection {
  package let table: ReportContent.Table

  package init(_ table: ReportContent.Table) { self.table = table }

  package func write(to page: inout MarkupWriter) {
    page.element("h2", text: table.title)
    page.element("div", ["class": "scroll"]) { scroll in
      scroll.element("table") { element in
        element.element("thead") { head in
          head.element("tr") { row in
            for (column, name) in (table.cells.first ?? []).enumerated() {
              if column == 0 {
                row.element("th", text: name)
              } else {
                row.element("th", ["class": "number"], text: name)
              }
            }
          }
        }
        element.element("tbody") { body in
          for cells in table.cells.dropFirst() { write(cells, to: &body) }
        }
      }
    }
  }

  /// Writes a row: its name, then numbers.
  private func write(_ cells: [String], to table: inout MarkupWriter) {
    table.lineBreak()
    table.element("tr") { row in
      for (column, cell) in cells.enumerated() {
        if column == 0 {
          row.element("td", text: cell)
        } else {
          row.element("td", ["class": "number"], text: cell)
        }
      }
    }
  }
}
