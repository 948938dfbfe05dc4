package import Fields
package import Kernels

/// L = (1/M)·Σ |x − y|
///
/// x and y are [N, …] with as many values an example, M in all; L is a scalar. ∂x = sign(x − y) / M, 0 where both are
/// equal; ∂y = −∂x.
package struct L1Loss: PairwiseLoss {
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
