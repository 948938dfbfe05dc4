internal import Expressions
internal import Plans
internal import Training
internal import YAML

extension GradientCheck {
  /// The table that `dlrun gradcheck` prints: one row per tensor, and a summary.
  package var text: String {
    let header = [
      "layer", "tensor", "elements", "agree", "kinks", "noise", "wrong", "worst", "backward",
      "difference", "error",
    ]
    let table = TextTable.lines(
      [header] + rows.map(GradientCheck.cells), rightAligned: [2, 3, 4, 5, 6, 7])
    return (table + [summary]).joined(separator: "\n")
  }

  private static func cells(_ row: Row) -> [String] {
    let counts = [row.elementCount, row.agreeing, row.kinks, row.noise, row.wrong]
    let name = [row.layer.escapingControls, row.tensor.escapingControls]
    let worst = row.worst.map {
      [
        String($0.index), $0.gradient.singlePrecision, $0.difference.singlePrecision,
        GradientCheck.short($0.error),
      ]
    }
    return name + counts.map(String.init) + (worst ?? [])
  }

  /// Returns the error with two digits.
  private static func short(_ error: Double) -> String {
    error.isFinite ? DecimalNumber(rounding: error, digits: 2).scientific : error.singlePrecision
  }

  private var summary: String {
    func total(_ count: (Row) -> Int) -> Int { rows.reduce(0) { $0 + count($1) } }
    let checked = total { $0.agreeing + $0.kinks + $0.noise + $0.wrong }
    return "\(checked) elements: \(total(\.agreeing)) agree, \(total(\.kinks)) kinks, "
      + "\(total(\.noise)) too small to tell, \(wrongCount) wrong"
  }

  /// The names of the tensors with wrong elements. Nil when there are none.
  package var failure: String? {
    let wrong = rows.filter { $0.wrong > 0 }
    guard !wrong.isEmpty else { return nil }
    let names = wrong.map { "'\($0.tensor.quotable)' of layer '\($0.layer.quotable)'" }
    return "backward disagrees with differences: \(names.joined(separator: ", "))"
  }
}
