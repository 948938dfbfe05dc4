package import Fields
package import Kernels

/// v = m·v + g;  w ← w − r·(g + m·v)
///
/// g is the gradient after clipping and decay, m is the momentum, and r = lr · lr_mult. The solver
/// keeps one value for each weight: v. With momentum 0 the rule is SGD without momentum.
///
/// `momentum_form: caffe` is v' = m·v + r·g;  w ← w − ((1 + m)·v' − m·v). Both forms agree while
/// the learning rate is constant.
///
/// References: Y. Nesterov, "A method of solving a convex programming problem with convergence rate
/// O(1/k²)", 1983; I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of
/// initialization and momentum in deep learning", 2013.
package struct Nesterov: Solver {
  /// m, the decay rate of the velocity, in [0, 1).
  var momentum = 0.9
  /// The place where the formula applies the learning rate.
  var momentumForm = MomentumForm.pytorch

  package init() {}

  package static let reference = Reference(
    "Nesterov",
    formula: "v = m·v + g;  w ← w − r·(g + m·v)",
    discussion: """
      Nesterov's accelerated gradient: torch.optim.SGD with nesterov=True. `momentum_form: caffe`
      keeps the learning rate in the velocity. Both forms agree while the rate is constant.
      """,
    example: "{type: Nesterov, base_lr: 0.1, momentum: 0.9, max_epochs: 10}")

  package static let fields: [Field<Nesterov>] = [
    .optional("momentum", \.momentum, .within(0..<1), "The decay rate m of the velocity."),
    .optional(
      "momentum_form", \.momentumForm,
      "Where the learning rate applies: pytorch at the step, caffe in the velocity."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["velocity"] }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (momentum, form) = (Float(momentum), momentumForm)
    return PreparedLoop {
      let (rate, velocity) = (Float(operands.rate), Lanes(operands.states[0]))
      switch form {
      case .pytorch:
        operands.forEachVector { value, gradient, index in
          let next = velocity[index] * momentum + gradient
          velocity[index] = next
          value -= rate * (gradient + momentum * next)
        }
      case .caffe:
        operands.forEachVector { value, gradient, index in
          let last = velocity[index]
          let next = last * momentum + rate * gradient
          velocity[index] = next
          value -= next * (1 + momentum) - momentum * last
        }
      }
    }
  }
}
