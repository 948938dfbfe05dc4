package import Fields
internal import Glibc
internal import YAML

/// rate: base_lr/div_factor → base_lr → base_lr/(div_factor · final_div_factor)
///
/// Up in the first `pct_start` of the training, then down to the end, along half cosines; `three_phase` comes down to
/// where it began in as many iterations, and then goes to the last rate. `base_lr` is the greatest rate (PyTorch's
/// max_lr). The momentum stays as it is.
///
/// Reference: L. N. Smith, N. Topin, "Super-convergence: very fast training of neural networks using large learning
/// rates", 2017.
package struct OneCycle: LearningRatePolicy {
  package enum Annealing: String, FieldChoice {
    case cosine = "cos"
    case linear

    /// From `start` to `end` as `share` goes from 0 to 1.
    func value(_ start: Double, _ end: Double, _ share: Double) -> Double {
      switch self {
      case .cosine: end + (start - end) / 2 * (1 + cos(Double.pi * share))
      case .linear: start + (end - start) * share
      }
    }
  }

  var length: Duration?
  var start = 0.3
  var division = 25.0
  var lastDivision = 10_000.0
  var annealing = Annealing.cosine
  var hasThreePhases = false

  package init() {}

  package static let reference = Reference(
    "one_cycle",
    formula: "rate: base_lr/div_factor → base_lr → base_lr/(div_factor · final_div_factor)",
    discussion: """
      torch.optim.lr_scheduler.OneCycleLR, whose max_lr is base_lr, without a cycle of the momentum.
      """,
    example: "{type: one_cycle, pct_start: 0.3}")

  package static let fields: [Field<OneCycle>] = [
    .optional("length", \.length, lengthSummary),
    .optional(
      "pct_start", \.start, .within(0...1), "The part of the length in which the rate rises."),
    .optional("div_factor", \.division, .within(1e-6...1e6), "base_lr by the first rate."),
    .optional(
      "final_div_factor", \.lastDivision, .within(1e-6...1e12), "The first rate by the last."),
    .optional("anneal_strategy", \.annealing, "The form of rise and fall."),
    .optional(
      "three_phase", \.hasThreePhases, "Whether the rate first falls to where it began."),
  ]

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

  /// The rate at `step` of a phase between two steps with their rates; a phase of no length is over.
  private func phase(
    _ step: Double, from begin: Double, _ first: Double, to end: Double, _ last: Double
  ) -> Double {
    annealing.value(first, last, end > begin ? (step - begin) / (end - begin) : 1)
  }
}
