package import Fields
package import Kernels
internal import YAML

/// L = −(1/M)·Σ y·log σ(x) + (1 − y)·log(1 − σ(x)), σ the sigmoid
///
/// x and y are [N, …] with as many values an example, y from 0 to 1; M counts all values but those whose target is
/// `ignore_label`. L is a scalar. ∂x = (σ(x) − y) / M, ∂y = −x / M.
///
/// Computed as max(x, 0) − x·y + log(1 + e^(−|x|)), which overflows for no x. dlrun's default is the mean over all
/// values, as PyTorch's; Caffe's is `normalization: BATCH_SIZE`, the sum of an example's values.
package struct SigmoidCrossEntropyLoss: PairwiseLoss {
  var ignoredLabel: Int?
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "SigmoidCrossEntropyLoss",
    formula: "L = −(1/M)·Σ y·log σ(x) + (1 − y)·log(1 − σ(x))",
    discussion: """
      Bottoms: scores x and targets y from 0 to 1, of the same shape. The mean over all values, as PyTorch's; Caffe's
      default is BATCH_SIZE, which sums the values of an example. Never overflows.
      """,
    example: """
      {name: loss, type: SigmoidCrossEntropyLoss, bottom: [decode, data], normalization: BATCH_SIZE}
      """)

  package static let fields: [Field<SigmoidCrossEntropyLoss>] = [
    .ignoredLabel(\.ignoredLabel),
    .normalization(\.normalization),
  ]

  package var predictionMeaning: OutputMeaning { .independentScores }

  // NaN equals no target.
  package var pairLoss: PairLoss {
    .sigmoidCrossEntropy(ignoring: ignoredLabel.map { Float($0) } ?? .nan)
  }
  package static let kernelName = "sigmoid loss"
}
