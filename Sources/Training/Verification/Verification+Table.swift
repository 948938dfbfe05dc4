internal import YAML

extension Verification {
  /// A row a model, and below what is wrong with those that failed.
  package static func table(_ verifications: [Verification]) -> String {
    var cells = [["model", "result", "compared", "iterations"]]
    cells += verifications.map { one in
      [
        one.model.escapingControls, one.result, one.standard?.rawValue ?? "-",
        one.iterations.map(String.init) ?? "-",
      ]
    }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        let isNumber = column == row.count - 1
        return isNumber ? padding + row[column] : row[column] + padding
      }.joined(separator: "  ")
    }
    for one in verifications where !one.isPassed {
      lines += ["", "\(one.model.escapingControls):"]
      lines += one.messages.flatMap { $0.split(separator: "\n").map { "  \($0)" } }
    }
    return lines.joined(separator: "\n")
  }
}
