package import Fields
package import LayerKernels

/// L = −(1/M)·Σ y·log σ(x) + (1 − y)·log(1 − σ(x)), σ the sigmoid
///
/// x (scores) and y (targets from 0 to 1) are [N, …] with the same number of values; L is a scalar.
/// M counts the values with a target other than `ignore_label`. ∂x = (σ(x) − y) / M, and ∂y = −x /
/// M.
///
/// The kernel computes max(x, 0) − x·y + log(1 + e^(−|x|)), which does not overflow for any x. The
/// default is the mean over all values, as in PyTorch. Caffe's default is `normalization:
/// BATCH_SIZE`, which sums the values of an example.
package struct SigmoidCrossEntropyLoss: PairwiseLoss {
  /// The target of the values that the loss ignores. Nil if it ignores none.
  var ignoredLabel: Int?
  /// The divisor of the sum.
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "SigmoidCrossEntropyLoss",
    formula: "L = −(1/M)·Σ y·log σ(x) + (1 − y)·log(1 − σ(x))",
    discussion: """
      Bottoms: scores x and targets y from 0 to 1, of the same shape. The mean over all values, as
      in PyTorch; Caffe's default is BATCH_SIZE, which sums the values of an example. The loss never
      overflows.
      """,
    example: """
      {name: loss, type: SigmoidCrossEntropyLoss, bottom: [decode, data], normalization: BATCH_SIZE}
      """)

  package static let fields: [Field<SigmoidCrossEntropyLoss>] = [
    .ignoredLabel(\.ignoredLabel),
    .normalization(\.normalization),
  ]

  package var predictionMeaning: OutputMeaning { .independentScores }

  // NaN stands for no ignored label, because it differs from every target.
  package var pairLoss: PairLoss {
    .sigmoidCrossEntropy(ignoring: ignoredLabel.map { Float($0) } ?? .nan)
  }
  package static let kernelName = "sigmoid loss"
}
