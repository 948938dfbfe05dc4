/// The report of a run: one self-contained page, and its figures as files.
///
/// The same content gives the same bytes. The page needs neither network nor scripts, and forbids
/// both. It is well-formed as HTML and as XML.
package struct Report: Sendable {
  private let content: ReportContent
  /// The chart of the loss, which is the widest.
  private let lossFigure: Figure
  /// The same chart for narrow screens.
  private let narrowLossFigure: Figure
  /// One chart for each metric, and one for the learning rate.
  private let curveFigures: [Figure]
  private let boundaryFigure: Figure?

  package init(_ content: ReportContent) {
    self.content = content
    let curves = RunCurves(content)
    lossFigure = curves.loss.figure(width: Report.width, height: 340)
    narrowLossFigure = curves.loss.figure(width: Report.halfWidth, height: 300)
    curveFigures = curves.others.map { $0.figure(width: Report.halfWidth, height: 250) }
    boundaryFigure = content.boundary.map {
      BoundaryChart($0).figure(width: Report.halfWidth, maximumHeight: 530)
    }
  }

  private static let gap = 20
  private static let halfWidth = 510
  private static let width = 2 * halfWidth + gap

  package var html: String {
    var page = MarkupWriter()
    writePage(to: &page)
    return page.string
  }

  /// `history.svg`, and `boundary.svg` if the report has a boundary.
  package var svgFiles: [(name: String, text: String)] {
    var files = [("history.svg", historyPicture)]
    if let boundaryFigure {
      files.append(("boundary.svg", picture([(boundaryFigure, 0, 0)])))
    }
    return files
  }

  private var historyPicture: String {
    var places = [(figure: lossFigure, x: 0, y: 0)]
    var top = lossFigure.height + Report.gap
    for (index, figure) in curveFigures.enumerated() {
      let isLeft = index.isMultiple(of: 2)
      places.append((figure, isLeft ? 0 : Report.halfWidth + Report.gap, top))
      if !isLeft { top += figure.height + Report.gap }
    }
    return picture(places)
  }

  /// Places figures on one sheet.
  private func picture(_ places: [(figure: Figure, x: Int, y: Int)]) -> String {
    let border = 16
    let width = 2 * border + (places.map { $0.x + $0.figure.width }.max() ?? 0)
    let height = 2 * border + (places.map { $0.y + $0.figure.height }.max() ?? 0)
    var writer = MarkupWriter()
    writer.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "width": .integer(width),
        "height": .integer(height), "viewBox": .box(width: width, height: height),
      ]
    ) { svg in
      svg.element("title", text: content.title)
      svg.style(StyleSheet(chartsOf: places.map(\.figure.colorCount).max() ?? 0))
      svg.element("rect", ["class": "paper", "width": "100%", "height": "100%"])
      for (figure, x, y) in places {
        svg.lineBreak()
        svg.element(
          "g", ["transform": .shift(x: Double(x + border), y: Double(y + border))]
        ) { $0.append(figure.markup) }
      }
    }
    writer.lineBreak()
    return writer.string
  }
}

extension Report {
  private func writePage(to page: inout MarkupWriter) {
    let figures = [lossFigure] + curveFigures + (boundaryFigure.map { [$0] } ?? [])
    page.documentType()
    page.element("html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"]) { html in
      html.element("head") { head in
        head.element("meta", ["charset": "utf-8"])
        head.element(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.element("meta", ["name": "color-scheme", "content": "light dark"])
        head.element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
          ])
        head.element("title", text: content.title)
        head.style(.page)
        head.style(StyleSheet(chartsOf: figures.map(\.colorCount).max() ?? 0))
      }
      html.lineBreak()
      html.element("body") { body in
        body.element("main") { writeMain(to: &$0) }
      }
    }
    page.lineBreak()
  }

  private func writeMain(to main: inout MarkupWriter) {
    main.element("h1", text: content.title)
    if !content.subtitle.isEmpty {
      main.element("p", ["class": "subtitle"], text: content.subtitle)
    }
    if let failure = content.failure {
      main.element("p", ["class": "failure", "role": "alert"], text: failure)
    }
    writeSummary(to: &main)
    if !content.expectations.isEmpty { ExpectationList(content.expectations).write(to: &main) }
    if !content.warnings.isEmpty { WarningList(content.warnings).write(to: &main) }
    main.lineBreak()
    main.element("div", ["class": "figures"]) { figures in
      write(lossFigure, class: "wide", to: &figures)
      write(narrowLossFigure, class: "narrow", to: &figures)
      if let boundaryFigure { write(boundaryFigure, class: "tall", to: &figures) }
      for figure in curveFigures { write(figure, class: "half", to: &figures) }
    }
    main.lineBreak()
    for table in content.tables { ScoreTableSection(table).write(to: &main) }
    if !content.layers.isEmpty { LayerTable(rows: content.layers).write(to: &main) }
    main.lineBreak()
    if !content.modelText.isEmpty {
      main.element("details") { details in
        details.element("summary", text: "Model file")
        details.element("pre") { $0.element("code", text: content.modelText) }
      }
    }
  }

  private func writeSummary(to main: inout MarkupWriter) {
    if content.summary.isEmpty { return }
    main.element("dl", ["class": "summary"]) { list in
      for (label, value) in content.summary {
        list.element("div") { item in
          item.element("dt", text: label)
          item.element("dd", text: value)
        }
      }
    }
  }

  private func write(_ figure: Figure, class place: StaticString, to page: inout MarkupWriter) {
    page.lineBreak()
    page.element("figure", ["class": .constant(place)]) { element in
      element.element(
        "svg",
        [
          "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
          "viewBox": .box(width: figure.width, height: figure.height),
        ]
      ) { svg in
        svg.element("title", text: figure.description)
        svg.append(figure.markup)
      }
    }
  }
}
