package import Fields
internal import YAML

/// λ·(a·Σ |w| + (1 − a)/2·Σ w²), which adds λ·(a·sign w + (1 − a)·w) to the gradient
///
/// λ is `weight_decay` · `decay_mult`, a is `l1_ratio`. Drives weights to 0 as L1 does, and keeps those that go together
/// together.
///
/// Reference: H. Zou, T. Hastie, "Regularization and variable selection via the elastic net", 2005.
package struct Elastic: Regularizer {
  var ratio = 0.5

  package init() {}

  package static let reference = Reference(
    "elastic", formula: "λ·(a·Σ |w| + (1 − a)/2·Σ w²)",
    discussion: "Adds λ·(a·sign w + (1 − a)·w) to the gradient: the elastic net.",
    example: "{type: elastic, l1_ratio: 0.5}")

  package static let fields: [Field<Elastic>] = [
    .optional("l1_ratio", \.ratio, .within(0...1), "The part of L1 (a); the rest is L2.")
  ]

  package func decay(strength: Double) -> Decay {
    Decay(l1: strength * ratio, l2: strength * (1 - ratio))
  }
}
