package import Fields
package import YAML

/// A length or an interval of training: `3000` iterations, or `10 epochs`.
///
/// The size of the data decides how many iterations an epoch has. ``TrainingLength`` converts a
/// duration into iterations.
package enum Duration: FieldValue, Equatable {
  case iterations(Int)
  case epochs(Int)

  /// The greatest count of either unit.
  ///
  /// A training of this length would take centuries. The limit also keeps products of counts within
  /// 64 bits.
  package static let limit = 1_000_000_000_000

  package static var expectation: String {
    "a number of iterations from 1 to \(limit), or a text such as '10 epochs'"
  }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Duration> {
    guard let scalar = node.scalar else { return .mismatch }
    if let count = scalar.integer, (1...limit).contains(count) { return .value(.iterations(count)) }
    guard case .text(let text) = scalar.resolved else { return .mismatch }
    let words = text.split(separator: " ")
    guard words.count == 2,
      let count = Scalar(text: String(words[0]), style: .plain).integer,
      (1...limit).contains(count)
    else { return .mismatch }
    switch words[1] {
    case "epoch", "epochs": return .value(.epochs(count))
    case "iteration", "iterations": return .value(.iterations(count))
    default: return .mismatch
    }
  }

  /// The duration as messages print it: `1 iteration`, `10 epochs`.
  package var description: String {
    switch self {
    case .iterations(let count): "\(count) iteration\(count == 1 ? "" : "s")"
    case .epochs(let count): "\(count) epoch\(count == 1 ? "" : "s")"
    }
  }

  package var encoded: Node {
    switch self {
    case .iterations(let count): .plain(String(count))
    case .epochs: .text(description)
    }
  }

  /// Returns the duration in iterations, for epochs of `perEpoch` iterations. Nil on overflow.
  package func iterations(perEpoch: Int) -> Int? {
    switch self {
    case .iterations(let count): return count
    case .epochs(let count):
      let (product, overflows) = count.multipliedReportingOverflow(by: perEpoch)
      return overflows ? nil : product
    }
  }
}
