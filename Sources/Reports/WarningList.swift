/// The warnings of a run with their positions.
package struct WarningList {
  package let warnings: [ReportContent.Advice]

  package init(_ warnings: [ReportContent.Advice]) { self.warnings = warnings }

  package func write(to page: inout MarkupWriter) {
    page.element("h2", text: "Warnings")
    page.element("ul", ["class": "warnings"]) { list in
      for warning in warnings {
        list.lineBreak()
        list.element("li") { item in
          item.element("span", text: warning.place)
          item.text(" " + warning.message)
        }
      }
    }
  }
}
