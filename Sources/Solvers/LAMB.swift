package import Fields
package import Kernels
package import Plans
internal import YAML

/// u = m̂ / (√v̂ + ε) + λ·w;  w ← w − r·(‖w‖/‖u‖)·u
///
/// Adam whose step in each layer is as large as its weights: the norms are those of a whole weight matrix or kernel; the
/// quotient is 1 where either is 0, and for biases. m̂ and v̂ are ``Adam``'s, of the gradient alone;
/// λ = `weight_decay` · `decay_mult`, r = lr · lr_mult. An L1 regularizer adds λ·sign w to u.
///
/// Reference: Y. You et al., "Large batch optimization for deep learning: training BERT in 76 minutes", 2019.
package struct LAMB: Solver {
  var momentum = 0.9
  var momentum2 = 0.999
  var delta = 1e-6

  package init() {}

  package static let reference = Reference(
    "LAMB",
    formula: "u = m̂ / (√v̂ + ε) + λ·w;  w ← w − r·(‖w‖/‖u‖)·u",
    discussion: """
      Adam for large batches: a step in each layer is as large as its weights. The quotient is 1 for biases, and where
      ‖w‖ or ‖u‖ is 0.
      """,
    example: "{type: LAMB, base_lr: 0.01, weight_decay: 0.01, max_epochs: 10}")

  package static let fields: [Field<LAMB>] = [
    .optional(
      "momentum", \.momentum, .keptPart, "The part β1 of the mean gradient that is kept."),
    .optional(
      "momentum2", \.momentum2, .keptPart, "The part β2 of the mean square that is kept."),
    .optional("delta", \.delta, .epsilon, "What is added to the root (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { Moments.names }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, momentum, momentum2) }

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation {
    guard parameter.isMatrix else { return UpdatePreparation() }
    return Norms.record(of: parameter, &plan) { operands, squares in
      LAMBNorms(step: LAMBStep(self, operands), squares: squares)
    }
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    LAMBUpdate(step: LAMBStep(self, operands))
  }
}

/// The direction u, which both passes over a parameter compute.
private struct LAMBStep: Sendable {
  let operands: UpdateOperands
  let moments: Moments
  private let delta: Float
  private let penalty: PenaltySlope

  init(_ solver: LAMB, _ operands: UpdateOperands) {
    self.operands = operands
    moments = Moments(operands.states, solver.momentum, solver.momentum2)
    delta = Float(solver.delta)
    penalty = PenaltySlope(operands.parameterDecay)
  }

  /// Calls `rule` with w and u.
  ///
  /// - Parameter takesGradients: true in the first pass over the parameter, which changes the moments.
  @inline(__always)
  func forEachVector(
    takesGradients: Bool, _ rule: (Lanes.Vector, Lanes.Vector, Int) -> Void
  ) {
    let scale = Float(operands.rates[UpdateRates.gradientScale])
    let (mean, root) = (Float(operands.correction(0)), Float(operands.correction(1)))
    let (values, gradients) = (Lanes(operands.value), Lanes(operands.gradient))
    for index in stride(from: 0, to: operands.value.count, by: Lanes.Vector.scalarCount) {
      let value = values[index]
      let (first, second) =
        takesGradients ? moments.take(gradients[index] * scale, index) : moments.values(index)
      rule(value, first * mean / (second.squareRoots * root + delta) + penalty(value), index)
    }
  }
}

/// The sums of w² and of u².
private struct LAMBNorms: Kernel {
  let step: LAMBStep
  let squares: DoubleView

  func run() {
    var (valueSum, directionSum) = (SquareSums(), SquareSums())
    step.forEachVector(takesGradients: true) { value, direction, _ in
      valueSum.add(value)
      directionSum.add(direction)
    }
    squares[0] = valueSum.total
    squares[1] = directionSum.total
  }
}

private struct LAMBUpdate: Kernel {
  let step: LAMBStep

  func run() {
    let operands = step.operands
    guard let norms = operands.norms.map(Norms.init) else {
      return update(rate: Float(operands.rate), takesGradients: true)
    }
    let ratio = norms.value > 0 && norms.direction > 0 ? norms.value / norms.direction : 1
    update(rate: Float(operands.rate * ratio), takesGradients: false)
  }

  @inline(__always)
  private func update(rate: Float, takesGradients: Bool) {
    let values = Lanes(step.operands.value)
    var differences = Lanes.Vector(repeating: 0)
    step.forEachVector(takesGradients: takesGradients) { value, direction, index in
      let next = value - rate * direction
      differences += next - next
      values[index] = next
    }
    step.operands.health[0] = Double(differences.sum())
  }
}
