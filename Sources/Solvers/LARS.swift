package import Fields
package import Kernels
package import Plans

/// q = η·‖w‖ / (‖g‖ + λ·‖w‖ + ε);  v = m·v + q·(g + λ·w);  w ← w − r·v
///
/// LARS is SGD with momentum and a local rate q for each weight matrix or kernel. ‖w‖ and ‖g‖ are
/// the norms of the whole matrix and of its gradient after clipping. η is `trust_coefficient`, ε is
/// `delta`, and r = lr · lr_mult. λ = `weight_decay` · `decay_mult`, for the L2 part of the
/// regularizer.
///
/// q is 1 for biases. It is also 1 if one of the norms is 0. The rate of biases is therefore far
/// above that of weights, unless `lr_mult` lowers it.
///
/// `momentum_form: caffe` is the paper's form: v = m·v + r·q·(g + λ·w);  w ← w − v. Both forms
/// agree while the learning rate is constant. The solver keeps one value for each weight: v.
///
/// Reference: Y. You, I. Gitman, B. Ginsburg, "Large batch training of convolutional networks",
/// 2017.
package struct LARS: Solver {
  /// m, the decay rate of the velocity, in [0, 1).
  var momentum = 0.9
  /// The place where the formula applies the learning rate.
  var momentumForm = MomentumForm.pytorch
  /// η, the norm of a step relative to the norm of the weights at a learning rate of 1.
  var trust = 0.001
  /// ε, which is added to the divisor of q. It has the unit of a gradient.
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "LARS",
    formula: "q = η·‖w‖ / (‖g‖ + λ·‖w‖ + ε);  v = m·v + q·(g + λ·w);  w ← w − r·v",
    discussion: """
      SGD for large batches: the rate in each layer is proportional to the norm of its weights. q is
      1 for biases, and lr_mult can lower their rate. q is also 1 if ‖w‖ or ‖g‖ is 0.
      """,
    example: "{type: LARS, base_lr: 1, momentum: 0.9, weight_decay: 0.0001, max_epochs: 10}")

  package static let fields: [Field<LARS>] = [
    .optional("momentum", \.momentum, .decayRate, "The decay rate m of the velocity."),
    .optional(
      "momentum_form", \.momentumForm,
      "Where the learning rate applies: pytorch at the step, caffe in the velocity."),
    .optional(
      "trust_coefficient", \.trust, .within(1e-30...1e6),
      "The norm of a step relative to the norm of the weights (η)."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the divisor (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["velocity"] }

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation {
    guard parameter.isMatrix else { return UpdatePreparation() }
    return Norms.record(of: parameter, &plan) { gradientNorms($0, squares: $1) }
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (momentum, form) = (Float(momentum), momentumForm)
    return PreparedLoop {
      let (ratio, velocity) = (trustRatio(operands), Lanes(operands.states[0]))
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

  /// q of the parameter. It is 1 for biases and for norms of 0.
  private func trustRatio(_ operands: UpdateOperands) -> Double {
    guard let norms = operands.norms.map(Norms.init), norms.value > 0, norms.direction > 0 else {
      return 1
    }
    let decay = operands.parameterDecay.l2 * norms.value
    return trust * norms.value / (norms.direction + decay + delta)
  }
}

/// Sums w² and g² of one tile.
private func gradientNorms(_ operands: UpdateOperands, squares: DoubleView) -> some Kernel {
  PreparedLoop {
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
