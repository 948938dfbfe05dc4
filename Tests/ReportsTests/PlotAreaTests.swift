import Reports
import Testing

@Suite("Plot areas")
struct PlotAreaTests {
  private let area = PlotArea(
    left: 30, top: 20, width: 200, height: 100, xAxis: Axis(tight: 0...10, tickCount: 3),
    yAxis: Axis(tight: 0...1, tickCount: 3))

  private func drawn(_ draw: (inout MarkupWriter) -> Void) -> String {
    var writer = MarkupWriter()
    draw(&writer)
    return writer.string
  }

  @Test("place values in tenths of a pixel, clamped to the rim")
  func positions() {
    #expect([0, 5, 10, -1, 11].map(area.x) == [300, 1_300, 2_300, 300, 2_300])
    #expect([0, 0.25, 1, -1, 2].map(area.y) == [1_200, 950, 200, 1_200, 200])
  }

  @Test("draw a line at each tick of the vertical axis")
  func grid() {
    let text = drawn { area.drawGrid(into: &$0) }
    #expect(text == "<path class=\"grid\" d=\"m30 120 200 0m-200-50 200 0m-200-50 200 0\"/>")
  }

  @Test("draw a foot line, or a frame with ticks on both axes")
  func frame() {
    let open = drawn { area.drawFrame(into: &$0, isClosed: false) }
    #expect(open == "<path class=\"frame\" d=\"m30 120 200 0m-200 0 0 4m100-4 0 4m100-4 0 4\"/>")
    let closed = drawn { area.drawFrame(into: &$0, isClosed: true) }
    #expect(
      closed == """
        <path class="frame" d="m30 120 200 0 0-100-200 0zm0 0-4 0m4-50-4 0m4-50-4 0m4 100 0 4\
        m100-4 0 4m100-4 0 4"/>
        """)
  }

  @Test("write the labels of both axes, and of a second horizontal axis")
  func labels() throws {
    let root = try XMLDocument(
      drawn { writer in
        writer.element("g") { group in
          area.drawLabels(into: &group)
          area.drawLabels(of: Axis(tight: 0...2, tickCount: 3), into: &group, baseline: 12)
        }
      }
    ).root
    let texts = root.all("text")
    #expect(texts.map(\.text) == ["0", "0.5", "1.0", "0", "5", "10", "0", "1", "2"])
    #expect(
      texts.map { $0.attributes["x"] }
        == ["23", "23", "23", "30", "130", "230", "30", "130", "230"])
    #expect(
      texts.map { $0.attributes["y"] }
        == ["124", "74", "24", "136", "136", "136", "12", "12", "12"])
  }
}
