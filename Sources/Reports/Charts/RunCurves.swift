internal import Files

/// The line charts of a run, with their series and the iterations that they span.
package struct RunCurves {
  /// The training loss, with the loss of the test phase.
  package let loss: LineChart
  /// The other test metrics, and the learning rate.
  package let others: [LineChart]

  package init(_ content: ReportContent) {
    let iterations = RunCurves.iterations(
      of: [content.loss, content.learningRate] + content.tests)
    func chart(
      _ title: String, _ lines: [LineChart.Line], allowsLogarithm: Bool = true
    ) -> LineChart {
      LineChart(
        title: title, lines: lines, iterations: iterations,
        iterationsPerEpoch: content.iterationsPerEpoch, allowsLogarithm: allowsLogarithm,
        divergence: content.divergence)
    }
    func measured(_ series: ReportContent.Series) -> LineChart.Line {
      LineChart.Line(name: series.name, series: series, color: 1, kind: .measurements)
    }
    let trained = LineChart.Line(
      name: content.loss.name, series: content.loss, color: 0, kind: .trace)
    let isLossTest = { (series: ReportContent.Series) in
      series.name == "test_" + content.loss.name
    }
    loss = chart(
      content.loss.name, [trained] + content.tests.filter(isLossTest).map(measured))
    let metrics = content.tests.filter { !isLossTest($0) }
    let rate = LineChart.Line(
      name: content.learningRate.name, series: content.learningRate, color: 2, kind: .schedule)
    others =
      metrics.map { metric in
        // A proportion, such as an accuracy, is compared with 1 and needs a linear axis.
        let isProportion = metric.values.allSatisfy { !($0 > 1) }
        return chart(metric.name, [measured(metric)], allowsLogarithm: !isProportion)
      }
      // The axis is linear. A logarithmic one would give most of its length to the tiny rates at
      // the end of a schedule.
      + [chart(content.learningRate.name, [rate], allowsLogarithm: false)]
  }

  /// Returns the range of all iterations, from zero if the first is close to zero.
  private static func iterations(of series: [ReportContent.Series]) -> ClosedRange<Int> {
    let first = series.compactMap { $0.iterations.min() }.min() ?? 0
    let last = series.compactMap { $0.iterations.max() }.max() ?? 0
    return first >= 0 && first <= last / 20 ? 0...last : first...last
  }
}
