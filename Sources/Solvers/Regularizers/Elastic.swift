package import Fields

/// λ·(a·Σ |w| + (1 − a)/2·Σ w²), which adds λ·(a·sign w + (1 − a)·w) to the gradient
///
/// λ is `weight_decay` · `decay_mult`, and a is `l1_ratio`. The L1 part drives weights to 0. The L2
/// part gives correlated inputs similar weights, where L1 alone would select one of them.
///
/// Reference: H. Zou, T. Hastie, "Regularization and variable selection via the elastic net", 2005.
package struct Elastic: Regularizer {
  /// a, the share of L1 in the penalty, from 0 to 1.
  var ratio = 0.5

  package init() {}

  package static let reference = Reference(
    "elastic", formula: "λ·(a·Σ |w| + (1 − a)/2·Σ w²)",
    discussion: "Adds λ·(a·sign w + (1 − a)·w) to the gradient: the elastic net.",
    example: "{type: elastic, l1_ratio: 0.5}")

  package static let fields: [Field<Elastic>] = [
    .optional(
      "l1_ratio", \.ratio, .within(0...1), "The share of L1 in the penalty (a). The rest is L2.")
  ]

  package func decay(strength: Double) -> Decay {
    Decay(l1: strength * ratio, l2: strength * (1 - ratio))
  }
}
