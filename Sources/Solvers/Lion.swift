package import Fields
package import Kernels
internal import YAML

/// c = β1·m + (1 − β1)·g;  w ← w − r·(sign c + λ·w);  m = β2·m + (1 − β2)·g
///
/// Every weight moves by the same amount. The decay λ = `weight_decay` · `decay_mult` is apart from the gradient, as in
/// ``AdamW``. sign 0 is 0. Learning rates are a tenth of Adam's, decays ten times as strong.
///
/// Reference: X. Chen et al., "Symbolic discovery of optimization algorithms", 2023.
package struct Lion: Solver {
  var momentum = 0.9
  var momentum2 = 0.99

  package init() {}

  package static let reference = Reference(
    "Lion",
    formula: "c = β1·m + (1 − β1)·g;  w ← w − r·(sign c + λ·w);  m = β2·m + (1 − β2)·g",
    discussion: """
      Moves every weight by the same amount, and keeps one moment. The decay is apart from the gradient. Takes about a
      tenth of Adam's learning rate.
      """,
    example: "{type: Lion, base_lr: 0.0001, weight_decay: 0.1, max_epochs: 10}")

  package static let fields: [Field<Lion>] = [
    .optional(
      "momentum", \.momentum, .keptPart, "The part β1 of the mean gradient in the direction."),
    .optional(
      "momentum2", \.momentum2, .keptPart, "The part β2 of the mean gradient that is kept."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["first moment"] }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    LionUpdate(operands: operands, beta1: momentum, beta2: momentum2)
  }
}

private struct LionUpdate: Kernel {
  private let operands: UpdateOperands
  private let directionKept: Float
  private let directionAdded: Float
  private let kept: Float
  private let added: Float

  init(operands: UpdateOperands, beta1: Double, beta2: Double) {
    self.operands = operands
    (directionKept, directionAdded) = (Float(beta1), Float(1 - beta1))
    (kept, added) = (Float(beta2), Float(1 - beta2))
  }

  func run() {
    let rate = Float(operands.rate)
    let (directionKept, directionAdded) = (directionKept, directionAdded)
    let (kept, added) = (kept, added)
    let means = Lanes(operands.states[0])
    operands.forEachVector(isDecoupled: true) { value, gradient, index in
      let mean = means[index]
      let direction = mean * directionKept + directionAdded * gradient
      means[index] = mean * kept + added * gradient
      // NaN stays what it is.
      var sign = direction
      sign.replace(with: 1, where: direction .> 0)
      sign.replace(with: -1, where: direction .< 0)
      value -= rate * sign
    }
  }
}
