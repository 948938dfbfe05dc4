internal import ModelFiles
internal import Runs
internal import Training
internal import YAML

/// The text that dlrun prints at the end of a training.
enum SummaryText {
  static func text(_ summary: RunSummary, directory: String) -> String {
    let seconds = summary.seconds.rounded(decimals: 3)
    let (all, now) = (summary.iterations, summary.iterations - summary.earlierIterations)
    let count =
      now == all
      ? "\(all) iterations in" : now > 0 ? "\(all) iterations, the last \(now) of them in" : nil
    let rate = Int(summary.iterationsPerSecond.rounded())
    var lines = [
      count.map { "\($0) \(seconds) s (\(rate)/s)" }
        ?? "\(all) iterations, all made before the run resumed"
    ]
    if case .stoppedEarly(let reason) = summary.outcome {
      lines.append("  stopped early: \(reason)")
    }
    let width = summary.metrics.map(\.name.count).max() ?? 0
    for metric in summary.metrics {
      let padding = String(repeating: " ", count: width - metric.name.count)
      var line = "  \(metric.name)\(padding)  \(metric.value.singlePrecision)"
      for expectation in summary.expectations where expectation.metric == metric.name {
        let holds = expectation.holds(for: metric.value)
        line += "  (expected \(expectation.description): \(holds ? "met" : "NOT MET"))"
      }
      lines.append(line)
    }
    if let (ranking, iteration) = summary.best {
      lines.append(
        "best test: \(ranking.description.escapingControls), after iteration \(iteration)")
    }
    if let name = summary.prediction {
      lines.append("prediction: blob '\(name.escapingControls)'")
    }
    lines.append("written to \(directory.escapingControls)/ (report.html shows it)")
    return lines.joined(separator: "\n")
  }

  /// Returns a table below its name. Names are aligned to the left and numbers to the right.
  static func text(_ table: RunSummary.Table) -> String {
    let rows = table.cells.map { row in row.map(\.escapingControls) }
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    let lines = rows.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + padding : padding + row[column]
      }.joined(separator: "  ")
    }
    return ([table.name.escapingControls] + lines.map { "  \($0)" }).joined(separator: "\n")
  }
}
