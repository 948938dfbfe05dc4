package import Fields
package import Kernels

/// c = β1·m + (1 − β1)·g;  w ← w − r·(sign c + λ·w);  m = β2·m + (1 − β2)·g
///
/// Lion moves every weight by the same amount, r; sign 0 is 0. The decay λ = `weight_decay` ·
/// `decay_mult` is decoupled from the gradient, as in ``AdamW``. r = lr · lr_mult.
///
/// The solver keeps one value for each weight: m. The paper uses learning rates 3 to 10 times lower
/// than AdamW's, and decays 3 to 10 times stronger.
///
/// Reference: X. Chen et al., "Symbolic discovery of optimization algorithms", 2023.
package struct Lion: Solver {
  /// β1, the weight of the mean gradient in the direction c, in [0, 1).
  var momentum = 0.9
  /// β2, the decay rate of the mean gradient, in [0, 1).
  var momentum2 = 0.99

  package init() {}

  package static let reference = Reference(
    "Lion",
    formula: "c = β1·m + (1 − β1)·g;  w ← w − r·(sign c + λ·w);  m = β2·m + (1 − β2)·g",
    discussion: """
      Moves every weight by the same amount, and keeps one moment. The decay does not enter the
      moment. A good learning rate is about a tenth of Adam's.
      """,
    example: "{type: Lion, base_lr: 0.0001, weight_decay: 0.1, max_epochs: 10}")

  package static let fields: [Field<Lion>] = [
    .optional(
      "momentum", \.momentum, .decayRate, "The weight β1 of the mean gradient in the direction."),
    .optional(
      "momentum2", \.momentum2, .decayRate, "The decay rate β2 of the mean gradient."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["first moment"] }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (directionKept, directionAdded) = (Float(momentum), Float(1 - momentum))
    let (kept, added) = (Float(momentum2), Float(1 - momentum2))
    return PreparedLoop {
      let (rate, means) = (Float(operands.rate), Lanes(operands.states[0]))
      operands.forEachVector(isDecoupled: true) { value, gradient, index in
        let mean = means[index]
        let direction = mean * directionKept + directionAdded * gradient
        means[index] = mean * kept + added * gradient
        // Both comparisons are false for NaN, so that a NaN reaches the value.
        var sign = direction
        sign.replace(with: 1, where: direction .> 0)
        sign.replace(with: -1, where: direction .< 0)
        value -= rate * sign
      }
    }
  }
}
