package import Fields

/// rate ← max(rate · factor, min_lr) after more than patience tests without improvement
///
/// The policy reads the metric after each `test_interval`. The metric belongs to a test, or is
/// `loss`: the mean training loss since the previous test. The metric itself defines whether
/// greater is better.
///
/// An improvement must exceed `threshold`: relative to the best value with `threshold_mode: rel`,
/// absolute with `abs`. The policy ignores the `cooldown` tests after a cut. The policy is
/// PyTorch's ReduceLROnPlateau without `eps`: PyTorch skips cuts below 1e-8.
package struct Plateau: MeasuredPolicy {
  /// The scale of the threshold.
  package enum ThresholdMode: String, FieldChoice {
    case relative = "rel"
    case absolute = "abs"
  }

  /// The metric's column of the history.
  package var metric = "loss"
  /// The factor of a cut, below 1.
  var factor = 0.1
  /// The number of tests without improvement that the policy allows.
  var patience = 10
  /// The least improvement that counts.
  var threshold = 0.0001
  var thresholdMode = ThresholdMode.relative
  /// The number of tests after a cut that the policy ignores.
  var cooldown = 0
  /// The least rate.
  var least = 0.0

  package init() {}

  package static let reference = Reference(
    "plateau",
    formula: "rate ← max(rate · factor, min_lr) after more than patience tests without improvement",
    discussion: """
      torch.optim.lr_scheduler.ReduceLROnPlateau. The metric belongs to a test, or is loss: the mean
      training loss between two tests. The metric defines whether greater is better.
      """,
    example: "{type: plateau, metric: loss, factor: 0.5, patience: 5}")

  package static let fields: [Field<Plateau>] = [
    .optional(
      "metric", \.metric, "The metric that should improve: loss, or a metric of the tests."),
    .optional("factor", \.factor, .within(0..<1), "The factor of a cut."),
    .optional(
      "patience", \.patience, .within(1...1_000_000_000),
      "The tests without improvement before a cut."),
    .optional("threshold", \.threshold, .within(0...1e6), "The least improvement that counts."),
    .optional(
      "threshold_mode", \.thresholdMode, "Whether the threshold is relative to the best value."),
    .optional(
      "cooldown", \.cooldown, .within(0...1_000_000_000), "The tests to ignore after a cut."
    ),
    .optional("min_lr", \.least, .within(0...1e6), "The least rate."),
  ]

  package func inconsistency(base: Double) -> String? { inconsistency(ofLeast: least, base: base) }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double { base }

  package func observe(_ value: Double, isBetterWhenGreater: Bool, _ state: inout MeasuredRate) {
    if isImprovement(value, state.best, isBetterWhenGreater) {
      (state.best, state.badTests) = (value, 0)
    } else {
      state.badTests += 1
    }
    if state.restingTests > 0 {
      state.restingTests -= 1
      state.badTests = 0
    }
    if state.badTests > patience {
      // A rate below min_lr stays unchanged.
      state.rate = min(state.rate, max(state.rate * factor, least))
      (state.restingTests, state.badTests) = (cooldown, 0)
    }
  }

  private func isImprovement(_ value: Double, _ best: Double?, _ isBetterWhenGreater: Bool) -> Bool
  {
    guard let best else { return value.isFinite }
    return switch (isBetterWhenGreater, thresholdMode) {
    case (false, .relative): value < best * (1 - threshold)
    case (false, .absolute): value < best - threshold
    case (true, .relative): value > best * (1 + threshold)
    case (true, .absolute): value > best + threshold
    }
  }
}
