package import Fields
internal import Functions
package import Kernels
package import Plans

/// u = m̂ / (√v̂ + ε) + λ·w;  w ← w − r·(‖w‖/‖u‖)·u
///
/// LAMB is Adam with a step length that is proportional to the norm of the weights. ‖w‖ and ‖u‖ are
/// the norms of a whole weight matrix or kernel. The quotient is 1 for biases. It is also 1 if one
/// of the norms is 0.
///
/// m̂ and v̂ are the corrected moments of ``Adam``, computed from the gradient without decay. λ =
/// `weight_decay` · `decay_mult`, and r = lr · lr_mult. An L1 regularizer adds λ·sign w to u.
///
/// The solver keeps two values for each weight: m and v. Each update makes two passes: the first
/// updates the moments and sums the norms, the second recomputes u and changes w.
///
/// Reference: Y. You et al., "Large batch optimization for deep learning: training BERT in 76
/// minutes", 2019.
package struct LAMB: Solver {
  /// β1, the decay rate of the first moment, in [0, 1).
  var momentum = 0.9
  /// β2, the decay rate of the second moment, in [0, 1).
  var momentum2 = 0.999
  /// ε, which is added to the root. It has the unit of a gradient.
  var delta = 1e-6

  package init() {}

  package static let reference = Reference(
    "LAMB",
    formula: "u = m̂ / (√v̂ + ε) + λ·w;  w ← w − r·(‖w‖/‖u‖)·u",
    discussion: """
      Adam for large batches: the step length in each layer is proportional to the norm of its
      weights. The quotient is 1 for biases. It is also 1 if ‖w‖ or ‖u‖ is 0.
      """,
    example: "{type: LAMB, base_lr: 0.01, weight_decay: 0.01, max_epochs: 10}")

  package static let fields: [Field<LAMB>] = [
    .optional(
      "momentum", \.momentum, .decayRate, "The decay rate β1 of the mean gradient."),
    .optional(
      "momentum2", \.momentum2, .decayRate, "The decay rate β2 of the mean squared gradient."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the root (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { Moments.names }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, momentum, momentum2) }

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation {
    guard parameter.isMatrix else { return UpdatePreparation() }
    return Norms.record(of: parameter, &plan) { operands, squares in
      let step = LAMBStep(self, operands)
      return PreparedLoop {
        var (valueSum, directionSum) = (SquareSums(), SquareSums())
        step.forEachVector(updatesMoments: true) { value, direction, _ in
          valueSum.add(value)
          directionSum.add(direction)
        }
        squares[0] = valueSum.total
        squares[1] = directionSum.total
      }
    }
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let step = LAMBStep(self, operands)
    return PreparedLoop {
      // Biases have no norms. This is the only pass over them, which also updates the moments.
      guard let norms = operands.norms.map(Norms.init) else {
        return step.update(rate: Float(operands.rate), updatesMoments: true)
      }
      let ratio = norms.value > 0 && norms.direction > 0 ? norms.value / norms.direction : 1
      step.update(rate: Float(operands.rate * ratio), updatesMoments: false)
    }
  }
}

/// Computes the direction u for both passes over a parameter.
private struct LAMBStep: Sendable {
  let operands: UpdateOperands
  let moments: Moments
  private let delta: Float
  private let penalty: PenaltyGradient

  init(_ solver: LAMB, _ operands: UpdateOperands) {
    self.operands = operands
    moments = Moments(operands.states, solver.momentum, solver.momentum2)
    delta = Float(solver.delta)
    penalty = PenaltyGradient(operands.parameterDecay)
  }

  /// Calls `rule` with eight elements of w, the same elements of u, and their index.
  ///
  /// - Parameter updatesMoments: true in the first pass over the parameter, which updates m and v.
  @inline(__always)
  func forEachVector(
    updatesMoments: Bool, _ rule: (Lanes.Vector, Lanes.Vector, Int) -> Void
  ) {
    let scale = Float(operands.rates[UpdateRates.gradientScale])
    let (mean, root) = (Float(operands.correction(0)), Float(operands.correction(1)))
    let (values, gradients) = (Lanes(operands.value), Lanes(operands.gradient))
    operands.forEachIndex { index in
      let value = values[index]
      let (first, second) =
        updatesMoments ? moments.take(gradients[index] * scale, index) : moments.values(index)
      rule(value, first * mean / (second.squareRoots * root + delta) + penalty(value), index)
    }
  }

  /// Changes the weights of one tile.
  @inline(__always)
  func update(rate: Float, updatesMoments: Bool) {
    let values = Lanes(operands.value)
    var differences = Lanes.Vector(repeating: 0)
    forEachVector(updatesMoments: updatesMoments) { value, direction, index in
      let next = value - rate * direction
      differences += next - next
      values[index] = next
    }
    operands.health[0] = Double(differences.pairwiseSum)
  }
}
