internal import Models
internal import Training

/// What is printed at the end of a training.
enum SummaryText {
  static func text(_ summary: RunSummary, directory: String) -> String {
    let rate = summary.seconds > 0 ? Double(summary.iterations) / summary.seconds : 0
    let seconds = rounded(summary.seconds, 3)
    var lines = ["\(summary.iterations) iterations in \(seconds) s (\(Int(rate.rounded()))/s)"]
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
    lines.append("written to \(directory)/ (report.html shows it)")
    return lines.joined(separator: "\n")
  }

  private static func rounded(_ number: Double, _ digits: Int) -> String {
    let factor = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    return "\((number * factor).rounded() / factor)"
  }
}
