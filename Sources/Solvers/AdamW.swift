package import Fields
package import Kernels

/// w ← w − r·λ·w;  w ← w − r·m̂ / (√v̂ + ε)
///
/// AdamW is Adam with decoupled weight decay: the decay changes the weights directly and does not
/// enter the moments. λ = `weight_decay` · `decay_mult`, and r = lr · lr_mult. m̂ and v̂ are the
/// corrected moments of the gradient without decay; see ``Adam``.
///
/// An L1 regularizer moves each weight by r·λ·sign w. PyTorch's default of `weight_decay` is 0.01;
/// here the default is 0, as for every solver.
///
/// Reference: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", 2017.
package struct AdamW: Solver {
  /// β1, the decay rate of the first moment, in [0, 1).
  var momentum = 0.9
  /// β2, the decay rate of the second moment, in [0, 1).
  var momentum2 = 0.999
  /// ε, which is added to the root. It has the unit of a gradient.
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "AdamW",
    formula: "w ← w − r·λ·w;  w ← w − r·m̂ / (√v̂ + ε)",
    discussion: """
      torch.optim.AdamW: Adam whose decay λ = weight_decay · decay_mult changes the weights
      directly. The default of weight_decay is 0; PyTorch's is 0.01.
      """,
    example: "{type: AdamW, base_lr: 0.001, weight_decay: 0.01, max_epochs: 10}")

  package static let fields: [Field<AdamW>] = [
    .optional(
      "momentum", \.momentum, .decayRate, "The decay rate β1 of the mean gradient."),
    .optional(
      "momentum2", \.momentum2, .decayRate, "The decay rate β2 of the mean squared gradient."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the root (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { Moments.names }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, momentum, momentum2) }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    adamUpdate(
      operands, Moments(operands.states, momentum, momentum2), delta: Float(delta),
      isDecoupled: true)
  }
}
