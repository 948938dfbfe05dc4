import Reports
import Testing

@Suite("Boundary charts")
struct BoundaryChartTests {
  private func chart(_ boundary: ReportContent.Boundary) throws -> XMLDocument.Element {
    var writer = MarkupWriter()
    let figure = BoundaryChart(boundary).figure(width: 510, maximumHeight: 530)
    #expect(figure.width == 510)
    writer.element("svg", ["height": .integer(figure.height)]) { $0.append(figure.markup) }
    return try XMLDocument(writer.string).root
  }

  private func boundary(
    columns: Int = 2, rows: Int = 2, classes: [UInt8] = [0, 1, 1, 2],
    xRange: ClosedRange<Double> = -1...1, yRange: ClosedRange<Double> = -1...1,
    confidence: [Float]? = nil, points: [(x: Float, y: Float, classIndex: Int)] = [],
    classNames: [String] = ["red", "green", "blue"]
  ) -> ReportContent.Boundary {
    ReportContent.Boundary(
      columns: columns, rows: rows, xRange: xRange, yRange: yRange, classOfCell: classes,
      confidence: confidence, points: points, classNames: classNames, xName: "x<1>", yName: "x2")
  }

  @Test("show a region for each class, the names of classes and axes, and equal scales")
  func regions() throws {
    let root = try chart(boundary())
    let regions = root.all("svg")[1]
    #expect(regions.attributes["class"] == "regions")
    #expect(regions.attributes["width"] == regions.attributes["height"])
    #expect(regions.attributes["viewBox"] == "0 0 800 800")
    #expect(regions.all("path").map { $0.attributes["class"] } == (0...2).map { "region c\($0)" })
    let texts = root.all("text").map(\.text)
    #expect(texts.prefix(4) == ["Decision boundary", "red", "green", "blue"])
    #expect(texts.suffix(2) == ["x<1>", "x2"])
    #expect(texts.contains("-0.5"))
  }

  @Test("have the first row of cells at the bottom")
  func orientation() throws {
    let root = try chart(boundary(columns: 1, rows: 2, classes: [0, 1]))
    // The path of an upper region begins at the rim above the picture.
    let starts = root.all("svg")[1].all("path").compactMap { path -> Int? in
      let numbers = path.attributes["d"]?.dropFirst().replacing("-", with: " -").split(
        separator: " ")
      return numbers.flatMap { Int($0[1]) }
    }
    #expect(starts.count == 2)
    #expect(starts[0] > 0, "class 0 fills the lower half")
    #expect(starts[1] < 0, "class 1 fills the upper half")
  }

  @Test("show the points of each class at their places, within a wider range")
  func points() throws {
    let points: [(x: Float, y: Float, classIndex: Int)] = [
      (0, 0, 1), (1, 1, 0), (-1, -1, 1), (0.5, 9, 0), (.nan, 0, 0), (0, .infinity, 0), (0, 0, -1),
    ]
    let root = try chart(boundary(points: points))
    let groups = root.all("g").filter { $0.attributes["class"]?.hasPrefix("point") ?? false }
    #expect(groups.map { $0.attributes["class"] } == ["point c0", "point c1"])
    #expect(groups.map { $0.all("circle").count } == [1, 2])
    let plot = root.all("svg")[1].attributes
    let left = try #require(Double(plot["x"] ?? ""))
    let top = try #require(Double(plot["y"] ?? ""))
    let width = try #require(Double(plot["width"] ?? ""))
    let corner = groups[0].all("circle")[0].attributes
    #expect(Double(corner["cx"] ?? "") == left + width)
    #expect(Double(corner["cy"] ?? "") == top)
    let middle = groups[1].all("circle")[0].attributes
    #expect(Double(middle["cx"] ?? "") == left + width / 2)
    #expect(root.all("text").map(\.text).contains("3 of 7 points are shown"))
  }

  @Test("pick points evenly if there are too many")
  func manyPoints() throws {
    let points = (0..<60_000).map { index in
      (x: Float(index % 100) / 100, y: Float(0), classIndex: index % 3)
    }
    let root = try chart(boundary(points: points))
    let circles = root.all("circle").count - 3
    #expect(circles == BoundaryChart.pointLimit)
    #expect(root.all("text").map(\.text).contains("1,500 of 60,000 points are shown"))
  }

  @Test("fade where the model is less certain, and say so")
  func confidence() throws {
    let sure = try chart(boundary(confidence: [1, 1, 1, 0.95]))
    #expect(sure.all(class: "unsure1").isEmpty && sure.all(class: "unsure2").isEmpty)
    let unsure = try chart(boundary(confidence: [1, 0.7, 0.5, .nan]))
    #expect(unsure.all(class: "unsure1").count == 1)
    #expect(unsure.all(class: "unsure2").count == 1)
    #expect(
      unsure.all("text").map(\.text).last
        == "fainter where the class has a probability below 0.9, and again below 0.6")
    let unknown = try chart(boundary())
    #expect(!unknown.all("text").map(\.text).contains { $0.hasPrefix("fainter") })
  }

  @Test("of one class are one region")
  func oneClass() throws {
    let root = try chart(
      boundary(classes: [0, 0, 0, 0], points: [(0, 0, 0)], classNames: ["all"]))
    #expect(root.all("svg")[1].all("path").count == 1)
    #expect(root.all("text").map(\.text).prefix(3) == ["Decision boundary", "all", "-1.0"])
  }

  @Test("number the classes without a name")
  func namelessClasses() throws {
    let root = try chart(boundary(points: [(0, 0, 3)], classNames: ["red"]))
    #expect(
      root.all("text").map(\.text).prefix(5)
        == ["Decision boundary", "red", "class 1", "class 2", "class 3"])
  }

  @Test("repeat the colours if there are more classes than colours")
  func manyClasses() throws {
    let figure = BoundaryChart(
      boundary(columns: 16, rows: 16, classes: Array(0...255), points: [(0, 0, .max)])
    ).figure(width: 510, maximumHeight: 530)
    #expect(figure.colorCount == Palette.count)
    var writer = MarkupWriter()
    writer.element("svg") { $0.append(figure.markup) }
    let root = try XMLDocument(writer.string).root
    #expect(root.all("text").map(\.text).contains("and 232 more"))
    #expect(root.all(class: "c\(Palette.count)").isEmpty)
    #expect(root.all(class: "c\(Palette.count - 1)").count > 1)
  }

  @Test(
    "keep the shape of the plane, unless it is a thin strip",
    arguments: [
      (0.0...2, 0.0...1, 2.0), (0...1, 0...2, 0.5), (0...100, 0...1, nil), (0...1, 0...1e9, nil),
      (0...0, 0...1, 1), (-.infinity ... .infinity, 0...1, nil),
    ])
  func aspect(xRange: ClosedRange<Double>, yRange: ClosedRange<Double>, aspect: Double?) throws {
    let root = try chart(boundary(xRange: xRange, yRange: yRange))
    let plot = root.all("svg")[1].attributes
    let width = try #require(Double(plot["width"] ?? ""))
    let height = try #require(Double(plot["height"] ?? ""))
    #expect(width >= 200 && width <= 510 && height >= 200 && height <= 530)
    if let aspect { #expect(abs(width / height - aspect) < 0.01) }
  }

  @Test(
    "draw grids of any size",
    arguments: [(1, 1), (1, 300), (99, 100), (319, 321), (1_500, 1_000), (0, 0), (0, 3)])
  func sizes(columns: Int, rows: Int) throws {
    let classes = (0..<columns * rows).map { UInt8($0 % max(1, columns) * 2 / max(1, columns)) }
    let root = try chart(boundary(columns: columns, rows: rows, classes: classes))
    let pictures = root.all("svg").dropFirst()
    #expect(pictures.count == (columns * rows == 0 ? 0 : 1))
    for picture in pictures {
      let numbers =
        picture.attributes["viewBox"]?.split(separator: " ").compactMap { Int($0) } ?? []
      #expect(numbers.count == 4 && numbers[2] <= 320 * 8 && numbers[3] <= 320 * 8)
      #expect(numbers[2] >= 100 * 8 && numbers[3] >= 100 * 8)
      #expect(picture.all("path").count == min(2, columns))
    }
  }
}
