internal import Fields
package import YAML

/// A bound that a run must reach: `test_accuracy: ">= 0.97"`.
package struct Expectation: Sendable, Equatable {
  package enum Comparison: String, Sendable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  /// A column of the history: `loss`, `test_accuracy`.
  package let metric: String
  package let comparison: Comparison
  package let bound: Double
  package let mark: Mark

  package static func == (a: Expectation, b: Expectation) -> Bool {
    (a.metric, a.comparison, a.bound) == (b.metric, b.comparison, b.bound)
  }

  /// Whether the value satisfies the bound. False for NaN.
  package func holds(for value: Double) -> Bool {
    switch comparison {
    case .atLeast: value >= bound
    case .atMost: value <= bound
    case .above: value > bound
    case .below: value < bound
    }
  }

  package var description: String { "\(comparison.rawValue) \(bound)" }

  /// Reads `expect:`. Reports every value that is not a comparison.
  static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> [Expectation] {
    guard let pairs = node.pairs else {
      diagnostics.error(
        "expect: expected a mapping of metrics to bounds, received \(node.received)", at: node.mark)
      return []
    }
    return pairs.compactMap { pair in
      let metric = pair.key.scalar?.text ?? ""
      let words = (pair.value.scalar?.text ?? "").split(separator: " ")
      guard words.count == 2, let comparison = Comparison(rawValue: String(words[0])),
        case .value(let bound) = Double.decode(.plain(String(words[1])), &diagnostics)
      else {
        diagnostics.error(
          "\(metric.quotable): expected a comparison such as \">= 0.97\" (>=, <=, > or < and a "
            + "number), received \(pair.value.received)", at: pair.value.mark)
        return nil
      }
      return Expectation(
        metric: metric, comparison: comparison, bound: bound, mark: pair.key.mark)
    }
  }

  static func encode(_ expectations: [Expectation]) -> Node {
    .mapping(
      expectations.map {
        ($0.metric, .text("\($0.comparison.rawValue) \($0.bound.encoded.scalar?.text ?? "")"))
      })
  }
}
