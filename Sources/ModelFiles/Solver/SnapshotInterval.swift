package import Fields
package import Solvers
package import YAML

/// The interval between numbered checkpoints: `snapshot: 500`, `10 epochs`, `auto` or `none`.
package enum SnapshotInterval: FieldValue, Equatable {
  /// Every ten minutes, so that a short training writes no numbered checkpoints.
  case automatic
  /// Only on a signal.
  case never
  case every(Duration)

  private static let names = ["auto", "none"]

  package static var expectation: String { "auto, none, \(Duration.expectation)" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<SnapshotInterval> {
    switch Duration.decode(node, &diagnostics) {
    case .value(let duration): return .value(.every(duration))
    case .wrong(let parts): return .wrong(parts)
    case .reported: return .reported
    case .mismatch: break
    }
    guard let text = node.scalar?.text else { return .mismatch }
    switch text.lowercased() {
    case "auto": return .value(.automatic)
    case "none": return .value(.never)
    default:
      guard let suggestion = names.nearest(to: text) else { return .mismatch }
      return .wrong([WrongValue(node, expected: expectation, suggestion: suggestion)])
    }
  }

  package var encoded: Node {
    switch self {
    case .automatic: .text("auto")
    case .never: .text("none")
    case .every(let duration): duration.encoded
    }
  }

  /// The interval in iterations or epochs. Nil for `auto` and `none`.
  package var duration: Duration? {
    if case .every(let duration) = self { duration } else { nil }
  }
}
