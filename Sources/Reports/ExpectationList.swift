internal import ModelFiles

/// The expectations of the model file, with the values that the run reached.
package struct ExpectationList {
  package let expectations: [ReportContent.Expectation]

  package init(_ expectations: [ReportContent.Expectation]) { self.expectations = expectations }

  package func write(to page: inout MarkupWriter) {
    page.element("h2", text: "Expectations")
    page.element("ul", ["class": "expectations"]) { list in
      for expectation in expectations {
        list.lineBreak()
        let text =
          "\(expectation.text): \(expectation.isMet ? "met" : "NOT MET"), received "
          + (expectation.received ?? "none")
        if expectation.isMet {
          list.element("li", text: text)
        } else {
          list.element("li", ["class": "unmet"], text: text)
        }
      }
    }
  }
}
