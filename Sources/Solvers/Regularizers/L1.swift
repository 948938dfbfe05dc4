package import Fields

/// λ·Σ |w|, which adds λ·sign w to the gradient (0 at 0)
///
/// λ is `weight_decay` · `decay_mult`. The penalty drives weights to 0 and is known as the lasso.
///
/// Reference: R. Tibshirani, "Regression shrinkage and selection via the lasso", 1996.
package struct L1: Regularizer {
  package init() {}

  package static let reference = Reference(
    "L1", formula: "λ·Σ |w|", discussion: "Adds λ·sign w to the gradient.",
    example: "L1")

  package static let fields: [Field<L1>] = []

  package func decay(strength: Double) -> Decay { Decay(l1: strength, l2: 0) }
}
