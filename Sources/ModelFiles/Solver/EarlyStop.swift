package import Fields
package import YAML

/// Ends training before its full length: `early_stop: {metric: test_loss, patience: 5}`.
///
/// The metric is checked after each `test_interval`. It is a metric of the tests, or `loss`, the
/// mean training loss since the last check. It improves when it is better than the best value so
/// far by more than `min_delta`. The metric determines whether greater values are better. Training
/// ends after `patience` tests in a row without improvement.
///
/// Reference: L. Prechelt, "Early stopping – but when?", 1998.
package struct EarlyStop: FieldOwner, FieldValue {
  package var metric = ""
  package var patience = 5
  package var leastDifference = 0.0

  package init() {}

  package static let fields: [Field<EarlyStop>] = [
    .required(
      "metric", \.metric, "The metric that should improve: loss, or a metric of the tests."),
    .optional(
      "patience", \.patience, .within(1...1_000_000_000),
      "The tests in a row without progress after which training ends."),
    .optional(
      "min_delta", \.leastDifference, .within(0...1e6), "The least improvement that counts."),
  ]

  package static var expectation: String { "a mapping with metric, patience and min_delta" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<EarlyStop> {
    guard node.pairs != nil else { return .mismatch }
    let stop = node.decode(EarlyStop.self, of: "early_stop", &diagnostics)
    return stop.map { .value($0) } ?? .reported
  }

  package var encoded: Node { Node(.mapping(encodedFields)) }

  /// The state that is kept from one test to the next.
  package struct State: Sendable, Equatable {
    /// Nil before the first test.
    package var best: Double?
    /// The number of tests in a row without progress.
    package var badTests = 0

    package init() {}

    /// Records the metric of a test.
    ///
    /// - Returns: whether training ends.
    package mutating func observe(
      _ value: Double, isBetterWhenGreater: Bool, _ rule: EarlyStop
    ) -> Bool {
      if isProgress(value, isBetterWhenGreater, rule.leastDifference) {
        (best, badTests) = (value, 0)
      } else {
        badTests += 1
      }
      return badTests >= rule.patience
    }

    /// Returns whether the value is an improvement. False for NaN.
    private func isProgress(
      _ value: Double, _ isBetterWhenGreater: Bool, _ difference: Double
    ) -> Bool {
      guard let best else { return value.isFinite }
      return isBetterWhenGreater ? value > best + difference : value < best - difference
    }
  }
}
