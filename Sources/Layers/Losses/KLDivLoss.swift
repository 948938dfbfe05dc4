package import Fields
internal import Kernels
package import LayerKernels

/// L = (1/N)·Σ t·(log t − x), x being log-probabilities
///
/// x (prediction) and t (target) are [N, …] with the same number of values; L is a scalar: the
/// Kullback-Leibler divergence of the targets from the prediction, averaged over the examples. A
/// target of 0 adds 0. ∂x = −t / N.
///
/// With `log_target`, t are logarithms too, and the terms are e^t·(t − x).
///
/// The default is what PyTorch calls `batchmean`. PyTorch's own default, the mean over all values,
/// is `normalization: FULL`.
///
/// Reference: S. Kullback, R. A. Leibler, "On information and sufficiency", 1951.
package struct KLDivLoss: PairwiseLoss {
  /// True if the targets are logarithms.
  var hasLogarithms = false
  /// The divisor of the sum.
  package var normalization = LossNormalization.batchSize

  package init() {}

  package static let reference = Reference(
    "KLDivLoss",
    formula: "L = (1/N)·Σ t·(log t − x)",
    discussion: """
      Bottoms: log-probabilities x and target probabilities t, of the same shape. Averaged over the
      N examples, as in PyTorch's batchmean; FULL is PyTorch's default, the mean over all values.
      """,
    example: "{name: loss, type: KLDivLoss, bottom: [log_prob, label]}")

  package static let fields: [Field<KLDivLoss>] = [
    .optional(
      "log_target", \.hasLogarithms, "Whether the targets are logarithms of probabilities."),
    .normalization(\.normalization),
  ]

  package var pairLoss: PairLoss { hasLogarithms ? .logDivergence : .divergence }
  package static let kernelName = "divergence"
}
