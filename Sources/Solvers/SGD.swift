package import Fields
package import Kernels
internal import YAML

/// v = m·v + g;  w ← w − r·v
///
/// g is the gradient after clipping and decay, m the momentum, r = lr · lr_mult. `momentum_form: caffe` is
/// v = m·v + r·g;  w ← w − v, which differs where the learning rate changes during a run: Caffe's velocity keeps the
/// rates at which it was gathered. With momentum 0 there is no velocity.
///
/// References: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; I. Sutskever,
/// J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and momentum in deep learning", 2013.
package struct SGD: Solver {
  var momentum = 0.0
  var momentumForm = MomentumForm.pytorch

  package init() {}

  package static let reference = Reference(
    "SGD",
    formula: "v = m·v + g;  w ← w − r·v",
    discussion: """
      Stochastic gradient descent. `momentum_form: caffe` is v = m·v + r·g;  w ← w − v, which is the same while the
      learning rate does not change. With momentum 0 no velocity is kept.
      """,
    example: "{type: SGD, base_lr: 0.1, momentum: 0.9, max_epochs: 10}")

  package static let fields: [Field<SGD>] = [
    .optional("momentum", \.momentum, .within(0..<1), "The part m of the velocity that is kept."),
    .optional("momentum_form", \.momentumForm, "Where the learning rate enters."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    momentum == 0 ? [] : ["velocity"]
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    SGDUpdate(operands, momentum: Float(momentum), form: momentumForm)
  }
}

/// Where the learning rate enters momentum.
package enum MomentumForm: String, FieldChoice {
  /// At the step: w ← w − r·v.
  case pytorch
  /// In the velocity: v = m·v + r·g.
  case caffe
}

/// One pass: w and g are read, w (and v) written.
private struct SGDUpdate: Kernel {
  private let operands: UpdateOperands
  private let momentum: Float
  private let form: MomentumForm

  init(_ operands: UpdateOperands, momentum: Float, form: MomentumForm) {
    self.operands = operands
    self.momentum = momentum
    self.form = form
  }

  func run() {
    let rate = Float(operands.rate)
    let momentum = momentum
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
