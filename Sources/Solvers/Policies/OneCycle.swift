package import Fields
internal import Functions

/// rate: base_lr/div_factor → base_lr → base_lr/(div_factor · final_div_factor)
///
/// The rate rises in the first `pct_start` of the training and falls until its end, along half
/// cosines or straight lines. With `three_phase` it first falls back to the initial rate, in as
/// many iterations as the rise took, and then to the final rate. `base_lr` is the greatest rate
/// (PyTorch's max_lr). Unlike PyTorch's, the policy does not change the momentum.
///
/// Reference: L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks
/// using large learning rates", 2017.
package struct OneCycle: LearningRatePolicy {
  /// The curve between two rates.
  package enum Annealing: String, FieldChoice {
    case cosine = "cos"
    case linear

    /// Returns the rate between `start` and `end` at `share`, which goes from 0 to 1.
    func value(_ start: Double, _ end: Double, _ share: Double) -> Double {
      switch self {
      case .cosine: end + (start - end) / 2 * (1 + Functions.cosine(ofTurns: share / 2))
      case .linear: start + (end - start) * share
      }
    }
  }

  /// The length of the cycle. Nil means the whole training.
  var length: Duration?
  /// The share of the cycle in which the rate rises.
  var start = 0.3
  /// base_lr divided by the initial rate.
  var division = 25.0
  /// The initial rate divided by the final rate.
  var lastDivision = 10_000.0
  /// The curve of rise and fall.
  var annealing = Annealing.cosine
  /// Whether the rate first falls back to the initial rate.
  var hasThreePhases = false

  package init() {}

  package static let reference = Reference(
    "one_cycle",
    formula: "rate: base_lr/div_factor → base_lr → base_lr/(div_factor · final_div_factor)",
    discussion: """
      torch.optim.lr_scheduler.OneCycleLR, where base_lr is max_lr. The momentum is constant.
      """,
    example: "{type: one_cycle, pct_start: 0.3}")

  package static let fields: [Field<OneCycle>] = [
    .optional("length", \.length, lengthSummary),
    .optional(
      "pct_start", \.start, .within(0...1), "The share of the length in which the rate rises."),
    .optional(
      "div_factor", \.division, .within(1e-6...1e6), "base_lr divided by the initial rate."),
    .optional(
      "final_div_factor", \.lastDivision, .within(1e-6...1e12),
      "The initial rate divided by the final rate."),
    .optional("anneal_strategy", \.annealing, "The curve of rise and fall."),
    .optional(
      "three_phase", \.hasThreePhases, "Whether the rate first falls back to the initial rate."),
  ]

  /// Refuses three phases whose rise and fall together exceed the cycle.
  package var inconsistency: String? {
    hasThreePhases && start > 0.5
      ? "expected a pct_start of at most 0.5 with three_phase, received \(start)" : nil
  }

  package var endsWithTraining: Bool { length == nil }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    let total = Double(training.iterations(in: length))
    let step = min(Double(iteration), total - 1)
    let first = base / division
    let top = start * total - 1
    if step <= top { return phase(step, from: 0, first, to: top, base) }
    guard hasThreePhases else {
      return phase(step, from: top, base, to: total - 1, first / lastDivision)
    }
    let bottom = 2 * start * total - 2
    if step <= bottom { return phase(step, from: top, base, to: bottom, first) }
    return phase(step, from: bottom, first, to: total - 1, first / lastDivision)
  }

  /// Returns the rate at `step` of a phase between two steps with given rates.
  ///
  /// A phase without length yields its last rate.
  private func phase(
    _ step: Double, from begin: Double, _ first: Double, to end: Double, _ last: Double
  ) -> Double {
    annealing.value(first, last, end > begin ? (step - begin) / (end - begin) : 1)
  }
}
