import Reports
import Testing

@Suite("Curves of a run")
struct RunCurvesTests {
  private func series(_ name: String, _ iterations: [Int]) -> ReportContent.Series {
    ReportContent.Series(name: name, iterations: iterations, values: iterations.map(Double.init))
  }

  private func curves(loss: [Int], rate: [Int] = [], tests: [ReportContent.Series] = [])
    -> RunCurves
  {
    RunCurves(
      ReportContent(
        title: "run", loss: series("loss", loss), learningRate: series("learning_rate", rate),
        tests: tests, iterationsPerEpoch: 10))
  }

  @Test("draw the test loss with the loss, and every other metric separately")
  func charts() {
    let curves = curves(
      loss: [0, 1, 2], rate: [0, 1, 2],
      tests: [series("test_accuracy", [2]), series("test_loss", [2]), series("test_lossy", [2])])
    #expect(curves.loss.lines.map(\.name) == ["loss", "test_loss"])
    #expect(curves.loss.lines.map(\.kind) == [.trace, .measurements])
    #expect(curves.others.map(\.title) == ["test_accuracy", "test_lossy", "learning_rate"])
    #expect(curves.others.allSatisfy { $0.lines.count == 1 && $0.iterationsPerEpoch == 10 })
  }

  @Test("allow logarithmic axes except for proportions and the learning rate")
  func logarithm() {
    let curves = curves(
      loss: [0], tests: [series("test_accuracy", [0, 1]), series("test_perplexity", [1, 2])])
    #expect(curves.loss.allowsLogarithm)
    #expect(curves.others.map(\.allowsLogarithm) == [false, true, false])
  }

  @Test(
    "share one range of iterations, from zero if they begin near it",
    arguments: [
      ([1, 3_000], [500, 4_000], 0...4_000), ([1_000, 3_000], [], 1_000...3_000),
      ([7], [], 7...7), ([], [], 0...0), ([], [0], 0...0), ([-5, 5], [], -5...5),
      ([3, 1, 2], [], 1...3), ([.min, .max], [], .min ... .max),
    ])
  func iterations(loss: [Int], test: [Int], range: ClosedRange<Int>) {
    let curves = curves(loss: loss, tests: [series("test_accuracy", test)])
    for chart in [curves.loss] + curves.others { #expect(chart.iterations == range) }
  }
}
