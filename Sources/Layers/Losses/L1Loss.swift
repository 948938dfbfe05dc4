package import Fields
internal import Kernels
package import LayerKernels

/// L = (1/M)·Σ |x − y|
///
/// x (prediction) and y (target) are [N, …] with the same number of values, M in total; L is a
/// scalar. ∂x = sign(x − y) / M, and 0 if both are equal. ∂y = −∂x.
///
/// All errors have the same weight in the gradient, so that outliers matter less than in
/// ``EuclideanLoss``.
package struct L1Loss: PairwiseLoss {
  /// The divisor of the sum.
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "L1Loss",
    formula: "L = (1/M)·Σ |x − y|",
    discussion: """
      Bottoms: prediction and target, of the same shape. The mean over all M values, as in PyTorch; BATCH_SIZE divides
      by the examples.
      """,
    example: "{name: loss, type: L1Loss, bottom: [ip2, label]}")

  package static let fields: [Field<L1Loss>] = [.normalization(\.normalization)]

  package var growsWithTargets: Bool { true }
  package var pairLoss: PairLoss { .absolute }
  package static let kernelName = "absolute error"
}
