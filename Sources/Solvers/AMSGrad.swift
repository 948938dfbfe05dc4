package import Fields
package import Kernels

/// m = β1·m + (1 − β1)·g;  v = β2·v + (1 − β2)·g²;  u = max(u, v);  w ← w − r·m̂ / (√û + ε)
///
/// AMSGrad is Adam with a second moment that never decreases. u is the greatest v so far, and û =
/// u/(1 − β2ᵗ), as in PyTorch. All other symbols have the same meaning as in ``Adam``.
///
/// The solver keeps three values for each weight: m, v and u. Adam's effective rate can grow when v
/// decays after a rare large gradient, and then Adam may fail to converge. The maximum prevents
/// that growth.
///
/// Reference: S. J. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", 2018.
package struct AMSGrad: Solver {
  /// β1, the decay rate of the first moment, in [0, 1).
  var momentum = 0.9
  /// β2, the decay rate of the second moment, in [0, 1).
  var momentum2 = 0.999
  /// ε, which is added to the root. It has the unit of a gradient.
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "AMSGrad", aliases: ["AMSgrad"],
    formula: "v = β2·v + (1 − β2)·g²;  u = max(u, v);  w ← w − r·m̂ / (√û + ε)",
    discussion: "torch.optim.Adam with amsgrad=True: the second moment never decreases.",
    example: "{type: AMSGrad, base_lr: 0.001, max_epochs: 10}")

  package static let fields: [Field<AMSGrad>] = [
    .optional(
      "momentum", \.momentum, .decayRate, "The decay rate β1 of the mean gradient."),
    .optional(
      "momentum2", \.momentum2, .decayRate, "The decay rate β2 of the mean squared gradient."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the root (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    Moments.names + ["greatest second moment"]
  }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, momentum, momentum2) }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (moments, delta) = (Moments(operands.states, momentum, momentum2), Float(delta))
    return PreparedLoop {
      let step = Float(operands.rate * operands.correction(0))
      let root = Float(operands.correction(1))
      let greatest = Lanes(operands.states[2])
      operands.forEachVector { value, gradient, index in
        let (mean, square) = moments.take(gradient, index)
        var most = greatest[index]
        // The negated comparison lets a NaN replace the maximum, so that it reaches the value.
        most.replace(with: square, where: .!(square .<= most))
        greatest[index] = most
        value -= step * mean / (most.squareRoots * root + delta)
      }
    }
  }
}
