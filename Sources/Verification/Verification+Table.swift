internal import Plans
internal import YAML

extension Verification {
  /// Returns a table with a row for each model, and then the messages of the models that failed.
  package static func table(_ verifications: [Verification]) -> String {
    var cells = [["model", "result", "compared", "iterations"]]
    cells += verifications.map { one in
      [
        one.model.escapingControls, one.result, one.standard?.rawValue ?? "-",
        one.iterations.map(String.init) ?? "-",
      ]
    }
    var lines = TextTable.lines(cells, rightAligned: [3])
    for one in verifications where !one.isPassed {
      lines += ["", "\(one.model.escapingControls):"]
      lines += one.messages.flatMap { $0.split(separator: "\n").map { "  \($0)" } }
    }
    let skipped = verifications.compactMap { one in one.skipReason.map { (one.model, $0) } }
    if !skipped.isEmpty {
      lines += ["", "\(skipped.count) of \(verifications.count) models skipped:"]
      lines += skipped.map { "  \($0.0.escapingControls): \($0.1)" }
    }
    return lines.joined(separator: "\n")
  }
}
