package import Fields
package import Kernels

/// L = (1/M)·Σ h(x − y), h(d) = d²/2 for |d| ≤ δ, δ·(|d| − δ/2) beyond
///
/// x and y are [N, …] with as many values an example, M in all; L is a scalar. ∂x is x − y within ±δ, over M;
/// ∂y = −∂x. An error counts as its square where it is small, and as its size where it is large.
///
/// Reference: P. J. Huber, "Robust estimation of a location parameter", 1964.
package struct HuberLoss: PairwiseLoss {
  var delta = 1.0
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "HuberLoss",
    formula: "L = (1/M)·Σ h(x − y), h(d) = d²/2 for |d| ≤ δ, δ·(|d| − δ/2) beyond",
    discussion: """
      Bottoms: prediction and target, of the same shape. The mean over all M values, as in PyTorch; BATCH_SIZE divides
      by the examples.
      """,
    example: "{name: loss, type: HuberLoss, bottom: [ip2, label], delta: 0.5}")

  package static let fields: [Field<HuberLoss>] = [
    .optional("delta", \.delta, marginRange, "The error δ from which on it counts by its size."),
    .normalization(\.normalization),
  ]

  package var growsWithTargets: Bool { true }
  package var pairLoss: PairLoss { .huber(delta: delta) }
  package static let kernelName = "Huber error"
}
