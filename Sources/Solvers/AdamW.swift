package import Fields
package import Kernels
internal import YAML

/// w ← w − r·λ·w;  w ← w − r·m̂ / (√v̂ + ε)
///
/// Adam whose decay does not go through the moments: λ = `weight_decay` · `decay_mult`, r = lr · lr_mult. m̂ and v̂ are
/// those of the gradient alone; see ``Adam``. An L1 regularizer moves by r·λ·sign w. PyTorch's default `weight_decay` is
/// 0.01; here it is 0, as everywhere.
///
/// Reference: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", 2017.
package struct AdamW: Solver {
  var momentum = 0.9
  var momentum2 = 0.999
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "AdamW",
    formula: "w ← w − r·λ·w;  w ← w − r·m̂ / (√v̂ + ε)",
    discussion: """
      torch.optim.AdamW: Adam with the decay λ = weight_decay · decay_mult apart from the gradient. Unlike PyTorch's, the
      decay is 0 unless it is stated.
      """,
    example: "{type: AdamW, base_lr: 0.001, weight_decay: 0.01, max_epochs: 10}")

  package static let fields: [Field<AdamW>] = [
    .optional(
      "momentum", \.momentum, .keptPart, "The part β1 of the mean gradient that is kept."),
    .optional(
      "momentum2", \.momentum2, .keptPart, "The part β2 of the mean square that is kept."),
    .optional("delta", \.delta, .epsilon, "What is added to the root (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { Moments.names }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, momentum, momentum2) }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    AdamUpdate(
      operands: operands, moments: Moments(operands.states, momentum, momentum2),
      delta: Float(delta), isDecoupled: true)
  }
}
