package import Fields
package import Kernels
package import Plans
internal import YAML

/// q = η·‖w‖ / (‖g‖ + λ·‖w‖ + ε);  v = m·v + q·(g + λ·w);  w ← w − r·v
///
/// ‖w‖ and ‖g‖ are the norms of a whole weight matrix or kernel and of its gradient after clipping; q is 1 where either
/// is 0, and for biases, whose rate is then far above that of weights: `lr_mult` gives them another. η is
/// `trust_coefficient`, λ = `weight_decay` · `decay_mult` of the L2 part of the regularizer, ε `delta`, r = lr · lr_mult.
/// `momentum_form: caffe` is the paper's own v = m·v + r·q·(g + λ·w);  w ← w − v, the same while the learning rate does
/// not change.
///
/// Reference: Y. You, I. Gitman, B. Ginsburg, "Large batch training of convolutional networks", 2017.
package struct LARS: Solver {
  var momentum = 0.9
  var momentumForm = MomentumForm.pytorch
  var trust = 0.001
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "LARS",
    formula: "q = η·‖w‖ / (‖g‖ + λ·‖w‖ + ε);  v = m·v + q·(g + λ·w);  w ← w − r·v",
    discussion: """
      SGD whose rate in each layer follows the size of its weights, for large batches. q is 1 for biases, to which
      lr_mult may give a lower rate, and where ‖w‖ or ‖g‖ is 0.
      """,
    example: "{type: LARS, base_lr: 1, momentum: 0.9, weight_decay: 0.0001, max_epochs: 10}")

  package static let fields: [Field<LARS>] = [
    .optional("momentum", \.momentum, .keptPart, "The part m of the velocity that is kept."),
    .optional("momentum_form", \.momentumForm, "Where the learning rate enters."),
    .optional(
      "trust_coefficient", \.trust, .within(1e-30...1e6),
      "How far a step may go, by the size of the weights (η)."),
    .optional("delta", \.delta, .epsilon, "What is added to the divisor (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["velocity"] }

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation {
    guard parameter.isMatrix else { return UpdatePreparation() }
    return Norms.record(of: parameter, &plan) { GradientNorms(operands: $0, squares: $1) }
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    LARSUpdate(
      operands: operands, momentum: Float(momentum), form: momentumForm, trust: trust, delta: delta)
  }
}

/// The sums of w² and of g².
private struct GradientNorms: Kernel {
  let operands: UpdateOperands
  let squares: DoubleView

  func run() {
    let (values, gradients) = (Lanes(operands.value), Lanes(operands.gradient))
    let scale = Float(operands.rates[UpdateRates.gradientScale])
    var (valueSum, gradientSum) = (SquareSums(), SquareSums())
    for index in stride(from: 0, to: operands.value.count, by: Lanes.Vector.scalarCount) {
      valueSum.add(values[index])
      gradientSum.add(gradients[index] * scale)
    }
    squares[0] = valueSum.total
    squares[1] = gradientSum.total
  }
}

private struct LARSUpdate: Kernel {
  let operands: UpdateOperands
  let momentum: Float
  let form: MomentumForm
  let trust: Double
  let delta: Double

  func run() {
    var ratio = 1.0
    if let squares = operands.norms {
      let norms = Norms(squares)
      if norms.value > 0, norms.direction > 0 {
        let decay = operands.parameterDecay.l2 * norms.value
        ratio = trust * norms.value / (norms.direction + decay + delta)
      }
    }
    let velocity = Lanes(operands.states[0])
    let momentum = momentum
    switch form {
    case .pytorch:
      let (rate, ratio) = (Float(operands.rate), Float(ratio))
      operands.forEachVector { value, gradient, index in
        let next = velocity[index] * momentum + ratio * gradient
        velocity[index] = next
        value -= rate * next
      }
    case .caffe:
      let rate = Float(operands.rate * ratio)
      operands.forEachVector { value, gradient, index in
        let next = velocity[index] * momentum + rate * gradient
        velocity[index] = next
        value -= next
      }
    }
  }
}
