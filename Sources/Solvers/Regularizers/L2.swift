package import Fields

/// (λ/2)·Σ w², which adds λ·w to the gradient
///
/// λ is `weight_decay` · `decay_mult`. The penalty is known as weight decay and ridge regression.
///
/// Reference: A. Krogh, J. A. Hertz, "A simple weight decay can improve generalization", 1991.
package struct L2: Regularizer {
  package init() {}

  package static let reference = Reference(
    "L2", formula: "(λ/2)·Σ w²", discussion: "Adds λ·w to the gradient.",
    example: "L2")

  package static let fields: [Field<L2>] = []

  package func decay(strength: Double) -> Decay { Decay(l1: 0, l2: strength) }
}
