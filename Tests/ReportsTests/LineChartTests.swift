import Reports
import Testing

@Suite("Line charts")
struct LineChartTests {
  private func chart(
    _ lines: [LineChart.Line], iterations: ClosedRange<Int>, iterationsPerEpoch: Double? = nil,
    allowsLogarithm: Bool = true, width: Int = 400
  ) throws -> XMLDocument.Element {
    let figure = LineChart(
      title: "loss", lines: lines, iterations: iterations,
      iterationsPerEpoch: iterationsPerEpoch, allowsLogarithm: allowsLogarithm
    ).figure(width: width, height: 200)
    var writer = MarkupWriter()
    writer.element("svg") { $0.append(figure.markup) }
    return try XMLDocument(writer.string).root
  }

  private func line(
    _ values: [Double], kind: LineChart.Line.Kind = .trace, name: String = "loss", color: Int = 0
  ) -> LineChart.Line {
    let series = ReportContent.Series(
      name: name, iterations: Array(values.indices), values: values)
    return LineChart.Line(name: name, series: series, color: color, kind: kind)
  }

  /// The path data of the last element of a class. The marks in the legend come before it.
  private func path(
    _ name: String, in root: XMLDocument.Element, afterMarks marks: Int = 0
  ) throws -> String {
    let elements = root.all(class: name)
    #expect(elements.count == marks + 1)
    return try #require(elements.last?.attributes["d"])
  }

  /// A chart of a run that diverged at the last iteration.
  private func diverged(
    _ values: [Double], kind: LineChart.Line.Kind = .trace, allowsLogarithm: Bool = true
  ) throws -> XMLDocument.Element {
    let figure = LineChart(
      title: "loss", lines: [line(values, kind: kind)], iterations: 0...max(1, values.count - 1),
      allowsLogarithm: allowsLogarithm, divergence: values.count - 1
    ).figure(width: 400, height: 200)
    var writer = MarkupWriter()
    writer.element("svg") { $0.append(figure.markup) }
    return try XMLDocument(writer.string).root
  }

  @Test("of a run that diverged shows where, and a single finite value")
  func divergence() throws {
    let root = try diverged([2, .nan])
    let texts = root.all("text").map(\.text)
    #expect(texts.contains("not finite") && texts.contains("diverged at iteration 1"))
    // The line appears in the legend and over the whole height of the plot.
    let marks = root.all(class: "divergence")
    #expect(marks.count == 2)
    #expect(marks.last?.attributes["d"]?.hasPrefix("m320 ") == true)
    #expect(root.all(class: "dots").flatMap { $0.all("circle") }.count == 1)
    #expect(root.all(class: "dots").flatMap { $0.all("circle") }.first?.attributes["cx"] != "320")
  }

  @Test("of a run that diverged says that it has no values")
  func divergenceWithoutValues() throws {
    let figure = LineChart(
      title: "test_accuracy", lines: [line([], kind: .measurements)], iterations: 0...3,
      allowsLogarithm: false, divergence: 3
    ).figure(width: 400, height: 200)
    var writer = MarkupWriter()
    writer.element("svg") { $0.append(figure.markup) }
    let texts = try XMLDocument(writer.string).root.all("text").map(\.text)
    #expect(texts.contains("no values before the divergence"))
  }

  @Test("of a run that diverged gives the earlier values their height")
  func divergenceOfALinearChart() throws {
    let values = [0.4, -0.2, 0.3, 0.1, 0.2, -0.3, 1e20, 1e35, .infinity]
    let labels = try diverged(values).all(class: "tick")[0].all("text").compactMap {
      Double($0.text)
    }
    #expect(labels.allSatisfy { abs($0) <= 1 } && labels.count >= 3, "\(labels)")
    let texts = try diverged(values).all("text").map(\.text)
    #expect(texts.contains("diverged at iteration 8, axis cut"))
    // A logarithmic axis shows all values.
    let logarithmic = try diverged([0.4, 0.2, 1e20, 1e35, .infinity]).all("text").map(\.text)
    #expect(logarithmic.contains("diverged at iteration 4"))
  }

  @Test("of two points has exactly this text")
  func golden() {
    let figure = LineChart(
      title: "a<b", lines: [line([1, 0.5], kind: .measurements)], iterations: 0...1,
      allowsLogarithm: true
    ).figure(width: 200, height: 100)
    #expect(figure.width == 200)
    #expect(figure.height == 100)
    #expect(figure.colorCount == 1)
    #expect(figure.description == "a<b over the iterations")
    #expect(
      figure.markup.string == """
        <text class="title" x="0" y="13">a&lt;b</text>\
        <path class="grid" d="m32 76 88 0m-88-48 88 0"/>\
        <path class="frame" d="m32 76 88 0m-88 0 0 4m88-4 0 4"/>\
        <g class="tick" text-anchor="end">\
        <text x="25" y="80">0.5</text><text x="25" y="32">1.0</text></g>\
        <g class="tick" text-anchor="middle">\
        <text x="32" y="92">0</text><text x="120" y="92">1</text></g>\
        <text class="note" x="142" y="92">iteration</text>\
        <g class="c0"><path class="line" d="m32 28 88 48"/>\
        <g class="dots"><circle cx="32" cy="28" r="3"/><circle cx="120" cy="76" r="3"/></g></g>\
        <text class="value c0" x="128" y="80">0.5</text>
        """)
  }

  @Test("of a long series shows the range and the mean of each pixel column")
  func thinning() throws {
    var values = (0..<5_000).map { $0.isMultiple(of: 2) ? 2.0 : 4.0 }
    values[2_500] = 7
    values[2_502] = -1
    let root = try chart([line(values)], iterations: 0...4_999)
    // The vertical axis reaches from -2 to 8, so that the band must reach both ends.
    #expect(root.all("text").map(\.text).contains("8"))
    let band = try path("band", in: root, afterMarks: 1)
    let mean = try path("line", in: root, afterMarks: 1)
    #expect(band.utf8.count < 400)
    #expect(numbers(mean).count <= 2 * 400)
    #expect(root.all("text").map(\.text).contains("loss: mean and range"))
    let extremes = verticalExtremes(band)
    let area = try plotRange(root)
    #expect(abs(extremes.lowerBound - (area.upperBound - 0.9 * area.length)) < 0.2)
    #expect(abs(extremes.upperBound - (area.upperBound - 0.1 * area.length)) < 0.2)
  }

  @Test("of a short series shows only its points")
  func points() throws {
    let root = try chart([line([3, 1, 2])], iterations: 0...2)
    #expect(root.all(class: "band").isEmpty)
    #expect(root.all(class: "dots").isEmpty)
    #expect(try path("line", in: root).split(separator: " ").count >= 3)
  }

  @Test("has a gap and a bar at the foot for values that are not finite")
  func gaps() throws {
    let root = try chart([line([3, 2, .nan, .infinity, 2, 1, .nan, 5])], iterations: 0...7)
    let drawn = try path("line", in: root)
    #expect(drawn.filter { $0 == "m" }.count == 3)
    #expect(drawn.hasSuffix("h0"), "the value after the last gap is a dot")
    #expect(try path("gap", in: root, afterMarks: 1).filter { $0 == "m" }.count == 2)
    #expect(root.all("text").map(\.text).contains("not finite"))
  }

  @Test("has gaps in a long series for columns without a finite value")
  func longGaps() throws {
    var values = (0..<4_000).map { 1 + Double($0 % 7) }
    for index in 1_000..<2_000 { values[index] = .nan }
    values[3_000] = .infinity
    let root = try chart([line(values)], iterations: 0...3_999)
    #expect(try path("line", in: root, afterMarks: 1).filter { $0 == "m" }.count == 2)
    #expect(try path("band", in: root, afterMarks: 1).filter { $0 == "z" }.count == 2)
    #expect(try path("gap", in: root, afterMarks: 1).filter { $0 == "m" }.count == 2)
  }

  @Test("says so if there are no values to draw")
  func nothing() throws {
    let empty = try chart([line([])], iterations: 0...0)
    #expect(empty.all("text").map(\.text) == ["loss", "no values", "iteration"])
    #expect(empty.all(class: "line").isEmpty)
    let none = try chart([line([.nan, .infinity])], iterations: 0...1)
    #expect(none.all("text").map(\.text).contains("no finite value"))
    let noLine = try chart([], iterations: 0...10)
    #expect(noLine.all("text").map(\.text).contains("no values"))
  }

  @Test("of a single point is a dot with its value")
  func singlePoint() throws {
    let root = try chart([line([0.25])], iterations: 0...0)
    #expect(try path("line", in: root).hasSuffix("h0"))
    #expect(root.all(class: "value").map(\.text) == ["0.25"])
  }

  @Test("of a constant series is one straight line between zero and twice the value")
  func constant() throws {
    let root = try chart(
      [line(Array(repeating: 0.1, count: 3_000), kind: .schedule)], iterations: 0...2_999)
    let drawn = try path("line", in: root)
    #expect(drawn.utf8.count < 24)
    #expect(drawn.hasSuffix(" 0"))
    #expect(root.all(class: "band").isEmpty)
    #expect(root.all("text").map(\.text).contains("0.20"))
  }

  @Test("is logarithmic if its values span more than two decades and the chart allows it")
  func logarithm() throws {
    let values = [1_000, 100, 10, 1, 0.1]
    let logarithmic = try chart([line(values)], iterations: 0...4)
    #expect(verticalSteps(try path("line", in: logarithmic)).length < 0.2)
    let linear = try chart([line(values)], iterations: 0...4, allowsLogarithm: false)
    #expect(verticalSteps(try path("line", in: linear)).length > 50)
    let withZero = try chart([line(values + [0])], iterations: 0...5)
    #expect(withZero.all("text").map(\.text).contains("500"))
  }

  @Test("names several lines, and separates their last values")
  func severalLines() throws {
    let root = try chart(
      [
        line([2, 1, 0.501]), line([2, 1, 0.5], kind: .measurements, name: "test_loss", color: 1),
      ], iterations: 0...2)
    let texts = root.all("text").map(\.text)
    #expect(texts.prefix(3) == ["loss", "loss", "test_loss"])
    let values = root.all(class: "value")
    #expect(Set(values.map(\.text)) == ["0.501", "0.5"])
    let heights = values.compactMap { Double($0.attributes["y"] ?? "") }
    #expect(abs(heights[0] - heights[1]) >= 13)
    #expect(root.all(class: "dots").flatMap { $0.all("circle") }.count == 4)
  }

  @Test("marks each result of a test phase if there is space")
  func dots() throws {
    let few = try chart([line([1, .nan, 3], kind: .measurements)], iterations: 0...2)
    #expect(few.all("circle").count == 2)
    let many = try chart(
      [line((0..<300).map(Double.init), kind: .measurements)], iterations: 0...299)
    #expect(many.all("circle").isEmpty)
  }

  @Test("has a second axis if the length of an epoch is known")
  func epochs() throws {
    let root = try chart([line([1, 2, 3])], iterations: 0...2, iterationsPerEpoch: 0.02)
    let texts = root.all("text").map(\.text)
    #expect(texts.contains("epoch"))
    #expect(texts.contains("100"))
    for length in [0, -1, .nan, .infinity] {
      let plain = try chart([line([1, 2, 3])], iterations: 0...2, iterationsPerEpoch: length)
      #expect(!plain.all("text").map(\.text).contains("epoch"))
    }
  }

  @Test(
    "draws any values",
    arguments: [
      [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude], [1e300, -1e300],
      [.leastNonzeroMagnitude, 1e300], [.leastNonzeroMagnitude, 0], [1, 1.0.nextUp],
      [-1e-300, 1e-300],
    ])
  func anyValues(values: [Double]) throws {
    let root = try chart(
      [line(values)], iterations: .min ... .max, iterationsPerEpoch: .leastNonzeroMagnitude)
    #expect(root.all("text").map(\.text).contains("iteration"))
  }
}

extension LineChartTests {
  /// The numbers of a path whose only letters are `m` and `z`.
  private func numbers(_ path: String) -> [Double] {
    var words: [String] = []
    for character in path {
      switch character {
      case "m", "z", " ": words.append("")
      case "-": words.append("-")
      default: words[words.count - 1].append(character)
      }
    }
    return words.compactMap(Double.init)
  }

  private func verticalExtremes(_ path: String) -> ClosedRange<Double> {
    var y = 0.0
    var range: ClosedRange<Double>?
    for (index, number) in numbers(path).enumerated() where !index.isMultiple(of: 2) {
      y += number
      range = range.map { min($0.lowerBound, y)...max($0.upperBound, y) } ?? y...y
    }
    return range ?? 0...0
  }

  /// The least and the greatest downward step between the points of a line.
  private func verticalSteps(_ path: String) -> ClosedRange<Double> {
    let steps = numbers(path).enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    return (steps.dropFirst().min() ?? 0)...(steps.dropFirst().max() ?? 0)
  }

  private func plotRange(_ root: XMLDocument.Element) throws -> ClosedRange<Double> {
    verticalExtremes(try path("grid", in: root))
  }
}

extension ClosedRange<Double> {
  fileprivate var length: Double { upperBound - lowerBound }
}
