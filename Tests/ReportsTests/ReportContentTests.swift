import Reports
import Testing

@Suite("Report content")
struct ReportContentTests {
  @Test("needs only a title, a loss and a learning rate")
  func defaults() {
    let series = ReportContent.Series(name: "loss", iterations: [1], values: [2])
    let content = ReportContent(title: "t", loss: series, learningRate: series)
    #expect(content.subtitle == "")
    #expect(content.tests.isEmpty && content.layers.isEmpty && content.summary.isEmpty)
    #expect(content.iterationsPerEpoch == nil && content.boundary == nil && content.failure == nil)
    #expect(content.modelText == "")
  }

  @Test("refuses a series whose counts differ")
  func seriesCounts() async {
    await #expect(processExitsWith: .failure) {
      _ = ReportContent.Series(name: "loss", iterations: [1, 2], values: [1])
    }
  }

  @Test("refuses a grid that lacks cells")
  func gridCounts() async {
    await #expect(processExitsWith: .failure) {
      _ = ReportContent.Boundary(
        columns: 2, rows: 2, xRange: 0...1, yRange: 0...1, classOfCell: [0, 1, 0])
    }
    await #expect(processExitsWith: .failure) {
      _ = ReportContent.Boundary(
        columns: 1, rows: 2, xRange: 0...1, yRange: 0...1, classOfCell: [0, 1], confidence: [1])
    }
  }
}
