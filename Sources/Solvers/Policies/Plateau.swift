package import YAML

/// rate ← max(rate · factor, min_lr) after more than patience tests without progress
///
/// The metric is looked at after each `test_interval`: a test's, or `loss`, the mean training loss since the last look.
/// Better is greater or less by what the metric is; by how much at least, `threshold` says, as a part of the best value
/// (`threshold_mode: rel`) or as it is (`abs`). For `cooldown` tests after a cut none is counted. PyTorch's
/// ReduceLROnPlateau, without its limit of 1e-8 to the size of a cut.
package struct Plateau: MeasuredPolicy {
  package enum ThresholdMode: String, FieldChoice {
    case relative = "rel"
    case absolute = "abs"
  }

  package var metric = "loss"
  var factor = 0.1
  var patience = 10
  var threshold = 0.0001
  var thresholdMode = ThresholdMode.relative
  var cooldown = 0
  var least = 0.0

  package init() {}

  package static let reference = Reference(
    "plateau",
    formula: "rate ← max(rate · factor, min_lr) after more than patience tests without progress",
    discussion: """
      torch.optim.lr_scheduler.ReduceLROnPlateau. The metric is a test's, or loss, the mean training loss between two
      tests; whether greater is better follows from the metric.
      """,
    example: "{type: plateau, metric: loss, factor: 0.5, patience: 5}")

  package static let fields: [Field<Plateau>] = [
    .optional("metric", \.metric, "What is to improve: loss, or a metric of the tests."),
    .optional("factor", \.factor, .within(0..<1), "The factor of a cut."),
    .optional(
      "patience", \.patience, .within(1...1_000_000_000), "Tests without progress that are borne."),
    .optional("threshold", \.threshold, .within(0...1e6), "How much better is progress."),
    .optional(
      "threshold_mode", \.thresholdMode, "Whether the threshold is a part of the best value."),
    .optional(
      "cooldown", \.cooldown, .within(0...1_000_000_000), "Tests after a cut that do not count."),
    .optional("min_lr", \.least, .within(0...1e6), "The least rate."),
  ]

  package func inconsistency(base: Double) -> String? { inconsistency(ofLeast: least, base: base) }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double { base }

  package func observe(_ value: Double, isBetterWhenGreater: Bool, _ state: inout MeasuredRate) {
    if isProgress(value, state.best, isBetterWhenGreater) {
      (state.best, state.badTests) = (value, 0)
    } else {
      state.badTests += 1
    }
    if state.restingTests > 0 {
      state.restingTests -= 1
      state.badTests = 0
    }
    if state.badTests > patience {
      // A rate that is below the least already stays.
      state.rate = min(state.rate, max(state.rate * factor, least))
      (state.restingTests, state.badTests) = (cooldown, 0)
    }
  }

  private func isProgress(_ value: Double, _ best: Double?, _ isBetterWhenGreater: Bool) -> Bool {
    guard let best else { return value.isFinite }
    return switch (isBetterWhenGreater, thresholdMode) {
    case (false, .relative): value < best * (1 - threshold)
    case (false, .absolute): value < best - threshold
    case (true, .relative): value > best * (1 + threshold)
    case (true, .absolute): value > best + threshold
    }
  }
}
