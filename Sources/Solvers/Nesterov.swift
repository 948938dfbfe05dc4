package import Fields
package import Kernels
internal import YAML

/// v = m·v + g;  w ← w − r·(g + m·v)
///
/// g is the gradient after clipping and decay, m the momentum, r = lr · lr_mult. `momentum_form: caffe` is
/// v' = m·v + r·g;  w ← w − ((1 + m)·v' − m·v), the same while the learning rate does not change. With momentum 0 it is
/// SGD without momentum.
///
/// References: Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", 1983;
/// I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and momentum in deep learning",
/// 2013.
package struct Nesterov: Solver {
  var momentum = 0.9
  var momentumForm = MomentumForm.pytorch

  package init() {}

  package static let reference = Reference(
    "Nesterov",
    formula: "v = m·v + g;  w ← w − r·(g + m·v)",
    discussion: """
      Nesterov's accelerated gradient: torch.optim.SGD with nesterov=True. `momentum_form: caffe` keeps the learning rate
      in the velocity, which is the same while the rate does not change.
      """,
    example: "{type: Nesterov, base_lr: 0.1, momentum: 0.9, max_epochs: 10}")

  package static let fields: [Field<Nesterov>] = [
    .optional("momentum", \.momentum, .within(0..<1), "The part m of the velocity that is kept."),
    .optional("momentum_form", \.momentumForm, "Where the learning rate enters."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["velocity"] }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    NesterovUpdate(operands: operands, momentum: Float(momentum), form: momentumForm)
  }
}

private struct NesterovUpdate: Kernel {
  let operands: UpdateOperands
  let momentum: Float
  let form: MomentumForm

  func run() {
    let (rate, momentum) = (Float(operands.rate), momentum)
    let velocity = Lanes(operands.states[0])
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
