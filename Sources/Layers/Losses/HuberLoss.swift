package import Fields
internal import Kernels
package import LayerKernels

/// L = (1/M)·Σ h(x − y), h(d) = d²/2 for |d| ≤ δ, δ·(|d| − δ/2) beyond
///
/// x (prediction) and y (target) are [N, …] with the same number of values, M in total; L is a
/// scalar. ∂x is x − y, clipped to ±δ and divided by M. ∂y = −∂x.
///
/// A small error counts by its square, and a large error by its absolute value. Therefore outliers
/// have a bounded gradient.
///
/// Reference: P. J. Huber, "Robust estimation of a location parameter", 1964.
package struct HuberLoss: PairwiseLoss {
  /// δ, the error at which the loss becomes linear.
  var delta = 1.0
  /// The divisor of the sum.
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
    .optional("delta", \.delta, marginRange, "The error δ at which the loss becomes linear."),
    .normalization(\.normalization),
  ]

  package var growsWithTargets: Bool { true }
  package var pairLoss: PairLoss { .huber(delta: delta) }
  package static let kernelName = "Huber error"
}
