package import Fields
package import Kernels

/// v = m·v + g;  w ← w − r·v
///
/// g is the gradient after clipping and decay, m is the momentum, and r = lr · lr_mult. The solver
/// keeps one value for each weight: v. With momentum 0 it keeps none.
///
/// `momentum_form: caffe` is v = m·v + r·g;  w ← w − v. The forms differ where the learning rate
/// changes during a run, because Caffe's velocity keeps the rates of earlier updates.
///
/// References: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
/// 1964; I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and
/// momentum in deep learning", 2013.
package struct SGD: Solver {
  /// m, the decay rate of the velocity, in [0, 1).
  var momentum = 0.0
  /// The place where the formula applies the learning rate.
  var momentumForm = MomentumForm.pytorch

  package init() {}

  package static let reference = Reference(
    "SGD",
    formula: "v = m·v + g;  w ← w − r·v",
    discussion: """
      Stochastic gradient descent. `momentum_form: caffe` is v = m·v + r·g;  w ← w − v. Both forms
      agree while the learning rate is constant. With momentum 0 the solver keeps no velocity.
      """,
    example: "{type: SGD, base_lr: 0.1, momentum: 0.9, max_epochs: 10}")

  package static let fields: [Field<SGD>] = [
    .optional("momentum", \.momentum, .within(0..<1), "The decay rate m of the velocity."),
    .optional(
      "momentum_form", \.momentumForm,
      "Where the learning rate applies: pytorch at the step, caffe in the velocity."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    momentum == 0 ? [] : ["velocity"]
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (momentum, form) = (Float(momentum), momentumForm)
    return PreparedLoop {
      let rate = Float(operands.rate)
      guard let velocity = operands.states.first.map(Lanes.init) else {
        operands.forEachVector { value, gradient, _ in value -= rate * gradient }
        return
      }
      switch form {
      case .pytorch:
        operands.forEachVector { value, gradient, index in
          let next = velocity[index] * momentum + gradient
          velocity[index] = next
          value -= rate * next
        }
      case .caffe:
        operands.forEachVector { value, gradient, index in
          let next = velocity[index] * momentum + rate * gradient
          velocity[index] = next
          value -= next
        }
      }
    }
  }
}
