import Reports
import Testing

@Suite("Reports")
struct ReportTests {
  /// A run over rings, with computed values instead of a training.
  private func run(
    iterationCount: Int = 3_000, gridSize: Int = 200, failure: String? = nil,
    warnings: [ReportContent.Advice] = []
  ) -> ReportContent {
    let iterations = Array(1...iterationCount)
    let noise = { (index: Int) in Double(index &* 7_919 % 1_000) / 1_000 }
    let loss = iterations.map { 200 / Double($0 + 180) + 0.05 * noise($0) }
    let tested = stride(from: 15, through: iterationCount, by: 15).map(\.self)
    let cells = (0..<gridSize * gridSize).map { cell -> UInt8 in
      let x = Double(cell % gridSize) / Double(gridSize) - 0.5
      let y = Double(cell / gridSize) / Double(gridSize) - 0.5
      return UInt8(Int((x * x + y * y + 0.2 * x) * 20 + 3) % 3)
    }
    return ReportContent(
      title: "rings", subtitle: "models/rings.yaml",
      loss: .init(name: "loss", iterations: iterations, values: loss),
      learningRate: .init(
        name: "learning_rate", iterations: iterations,
        values: iterations.map { 1 / Double(1 + $0 / 500) }),
      tests: [
        .init(name: "test_loss", iterations: tested, values: tested.map { 200 / Double($0 + 170) }),
        .init(
          name: "test_accuracy", iterations: tested, values: tested.map { 1 - 9 / Double($0 + 9) }),
      ],
      iterationsPerEpoch: 15,
      layers: [
        .init(name: "ip1", type: "Linear", outputShape: "20x100", parameters: 300, flops: 8_000),
        .init(
          name: "loss", type: "SoftmaxWithLoss", outputShape: "scalar", parameters: 0, flops: 9),
      ],
      boundary: .init(
        columns: gridSize, rows: gridSize, xRange: -1...1, yRange: -1...1, classOfCell: cells,
        confidence: cells.indices.map { Float($0 % 97) / 97 < 0.01 ? 0.5 : 1 },
        points: (0..<300).map { (Float(noise($0)), Float(noise($0 * 3)), $0 % 3) },
        classNames: ["a", "b", "c"]),
      modelText: "name: rings\nseed: 1\n",
      summary: [("final loss", "0.071"), ("test accuracy", "0.97"), ("seed", "1")],
      failure: failure, warnings: warnings)
  }

  /// The content with one hostile text in the place of every text.
  private func hostile(_ text: String) -> ReportContent {
    let series = ReportContent.Series(name: text, iterations: [1, 2], values: [1, 2])
    return ReportContent(
      title: text, subtitle: text, loss: series, learningRate: series,
      tests: [series, .init(name: "test_" + text, iterations: [1], values: [1])],
      layers: [.init(name: text, type: text, outputShape: text, parameters: 1, flops: 1)],
      boundary: .init(
        columns: 1, rows: 1, xRange: 0...1, yRange: 0...1, classOfCell: [0], classNames: [text],
        xName: text, yName: text),
      modelText: text, summary: [(text, text)], failure: text,
      warnings: [.init(place: text, message: text)])
  }

  @Test("are well-formed pages with each part in its place")
  func page() throws {
    let root = try XMLDocument(Report(run()).html).root
    #expect(root.name == "html")
    #expect(root.attributes["xmlns"] == "http://www.w3.org/1999/xhtml")
    let main = try #require(root.all("main").first)
    #expect(
      main.children.map(\.name) == ["h1", "p", "dl", "div", "h2", "div", "details"])
    #expect(main.children[0].text == "rings")
    #expect(root.all("dt").map(\.text) == ["final loss", "test accuracy", "seed"])
    #expect(root.all("dd").map(\.text) == ["0.071", "0.97", "1"])
    #expect(
      root.all("figure").map { $0.attributes["class"] } == [
        "wide", "narrow", "tall", "half", "half",
      ])
    #expect(
      root.all(class: "title").map(\.text)
        == ["loss", "loss", "Decision boundary", "test_accuracy", "learning_rate"])
    #expect(root.all("table").count == 1)
    #expect(root.all("code").map(\.text) == ["name: rings\nseed: 1\n"])
    #expect(root.all(class: "failure").isEmpty)
  }

  @Test("show why a run ended early")
  func failure() throws {
    let text = "The loss is not finite: nan.\nLower base_lr."
    let root = try XMLDocument(Report(run(failure: text)).html).root
    #expect(root.all(class: "failure").map(\.text) == [text])
    #expect(root.all(class: "failure").first?.attributes["role"] == "alert")
  }

  @Test("list the expectations, and mark those that are not met")
  func expectations() throws {
    var content = run()
    content.expectations = [
      .init(text: "test_accuracy >= 0.97", received: "0.9", isMet: false),
      .init(text: "loss <= 1.0", received: "0.5", isMet: true),
      .init(text: "test_loss <= 1.0", received: nil, isMet: false),
    ]
    let root = try XMLDocument(Report(content).html).root
    let main = try #require(root.all("main").first)
    #expect(
      main.children.map(\.name) == ["h1", "p", "dl", "h2", "ul", "div", "h2", "div", "details"])
    #expect(main.children[3].text == "Expectations")
    #expect(
      main.all("li").map(\.text) == [
        "test_accuracy >= 0.97: NOT MET, received 0.9", "loss <= 1.0: met, received 0.5",
        "test_loss <= 1.0: NOT MET, received none",
      ])
    #expect(main.all("li").map { $0.attributes["class"] } == ["unmet", nil, "unmet"])
  }

  @Test("list warnings with their positions, above the figures")
  func warnings() throws {
    let warnings = [
      ReportContent.Advice(place: "m.yaml:3:5", message: "all 16 weights begin as 0.5"),
      ReportContent.Advice(place: "m.yaml:6:5", message: "the loss has not moved"),
    ]
    let main = try #require(
      try XMLDocument(Report(run(warnings: warnings)).html).root.all("main").first)
    #expect(
      main.children.map(\.name) == ["h1", "p", "dl", "h2", "ul", "div", "h2", "div", "details"])
    #expect(main.children[3].text == "Warnings")
    #expect(
      main.all("li").map(\.text) == [
        "m.yaml:3:5 all 16 weights begin as 0.5", "m.yaml:6:5 the loss has not moved",
      ])
  }

  @Test("omit parts that a run does not have")
  func bare() throws {
    let series = ReportContent.Series(name: "loss", iterations: [], values: [])
    let report = Report(ReportContent(title: "bare", loss: series, learningRate: series))
    let main = try #require(try XMLDocument(report.html).root.all("main").first)
    #expect(main.children.map(\.name) == ["h1", "div"])
    #expect(main.all("figure").count == 3)
    #expect(report.svgFiles.map(\.name) == ["history.svg"])
  }

  @Test("have the same figures as standalone files")
  func pictures() throws {
    let files = Report(run()).svgFiles
    #expect(files.map(\.name) == ["history.svg", "boundary.svg"])
    let roots = try files.map { try XMLDocument($0.text).root }
    for root in roots {
      #expect(root.name == "svg")
      #expect(root.attributes["xmlns"] == "http://www.w3.org/2000/svg")
      #expect(root.all("style").count == 1)
      #expect(root.all("title").first?.text == "rings")
    }
    #expect(
      roots[0].all(class: "title").map(\.text) == ["loss", "test_accuracy", "learning_rate"])
    #expect(roots[0].attributes["width"] == "1072")
    #expect(roots[0].attributes["height"] == "642")
    #expect(roots[1].all(class: "title").map(\.text) == ["Decision boundary"])
    #expect(roots[1].all(class: "point").flatMap { $0.all("circle") }.count == 300 + 3)
  }

  @Test("of the same content are the same bytes")
  func determinism() {
    let (first, second) = (Report(run()), Report(run()))
    #expect(first.html == second.html)
    #expect(first.svgFiles.map(\.text) == second.svgFiles.map(\.text))
  }

  @Test(
    "escape hostile texts, so that none becomes markup",
    arguments: [
      "<script>alert(1)</script>", "\"><img src=x onerror='alert(1)'>", "</style></title></pre>",
      "]]><!--", "&lt;b&gt;", "\u{0}\u{1B}[2J\u{8}", "\u{202E}gpj.exe", "",
    ])
  func hostileTexts(text: String) throws {
    let report = Report(hostile(text))
    let harmless = Report(hostile("harmless"))
    let names = { (text: String) in try XMLDocument(text).root.all.map(\.name) }
    if !text.isEmpty { #expect(try names(report.html) == names(harmless.html)) }
    let root = try XMLDocument(report.html).root
    #expect(root.all("script").isEmpty && root.all("img").isEmpty)
    for (file, expected) in zip(report.svgFiles, harmless.svgFiles) {
      #expect(try names(file.text) == names(expected.text))
    }
    let isPlain = text.unicodeScalars.allSatisfy { $0 >= " " && $0.isASCII }
    if isPlain { #expect(root.all("h1").map(\.text) == [text]) }
  }

  @Test("need neither scripts nor network, and forbid both")
  func selfContained() throws {
    let report = Report(run())
    let root = try XMLDocument(report.html).root
    let policy = root.all("meta").first { $0.attributes["http-equiv"] != nil }
    #expect(policy?.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'")
    for text in [report.html] + report.svgFiles.map(\.text) {
      for element in try XMLDocument(text).root.all {
        #expect(!["script", "link", "img", "image", "use", "iframe"].contains(element.name))
        #expect(!element.attributes.keys.contains { ["href", "src", "xlink:href"].contains($0) })
        #expect(!element.attributes.keys.contains { $0.hasPrefix("on") })
      }
    }
  }

  @Test("stay small for runs of any length")
  func sizes() {
    #expect(Report(run()).html.utf8.count <= 150_000)
    let long = run(iterationCount: 200_000, gridSize: 700)
    #expect(Report(long).html.utf8.count <= 250_000)
  }
}
