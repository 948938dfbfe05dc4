package import Fields
package import Kernels

/// h = ρ·h + (1 − ρ)·g²;  u = g·√(s + ε) / √(h + ε);  s = ρ·s + (1 − ρ)·u²;  w ← w − r·u
///
/// g is the gradient after clipping and decay, and r = lr · lr_mult. ρ is `momentum` (as in Caffe;
/// PyTorch calls it rho), and ε is `delta`. PyTorch and Caffe use the same formula; `form` selects
/// their defaults.
///
/// The solver keeps two values for each weight: h and s. The quotient of the two roots gives u the
/// unit of a weight. Therefore a `base_lr` of 1 reproduces the paper, which has no learning rate.
///
/// Reference: M. D. Zeiler, "ADADELTA: an adaptive learning rate method", 2012.
package struct AdaDelta: Solver {
  /// ρ, the decay rate of both means, in [0, 1). Nil selects the default of `form`.
  var momentum: Double?
  /// ε, which is added below both roots. Nil selects the default of `form`.
  var delta: Double?
  /// The implementation that provides the defaults.
  var form = SolverForm.pytorch

  package init() {}

  package static let reference = Reference(
    "AdaDelta", aliases: ["Adadelta", "ADADELTA"],
    formula:
      "h = ρ·h + (1 − ρ)·g²;  u = g·√(s + ε) / √(h + ε);  s = ρ·s + (1 − ρ)·u²;  w ← w − r·u",
    discussion: """
      torch.optim.Adadelta: scales each step by the size of past steps. The paper corresponds to a
      base_lr of 1. `form: caffe` uses the same formula with other defaults.
      """,
    example: "{type: AdaDelta, base_lr: 1, momentum: 0.9, max_epochs: 10}")

  package static let fields: [Field<AdaDelta>] = [
    .optional(
      "momentum", \.momentum, .given(.decayRate),
      "The decay rate ρ of both means (rho). Default: 0.9, or 0 with form caffe."),
    .optional(
      "delta", \.delta, .given(.epsilon),
      "The term that is added below the roots (ε). Default: 1e-6, or 1e-8 with form caffe."),
    .optional("form", \.form, "The implementation whose defaults apply."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    ["mean of squared gradients", "mean of squared steps"]
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let decay = momentum ?? (form == .caffe ? 0 : 0.9)
    let delta = Float(delta ?? (form == .caffe ? 1e-8 : 1e-6))
    let (kept, added) = (Float(decay), Float(1 - decay))
    return PreparedLoop {
      let rate = Float(operands.rate)
      let (squares, steps) = (Lanes(operands.states[0]), Lanes(operands.states[1]))
      operands.forEachVector { value, gradient, index in
        let square = squares[index] * kept + added * (gradient * gradient)
        squares[index] = square
        let past = steps[index]
        let step = gradient * ((past + delta).squareRoots / (square + delta).squareRoots)
        steps[index] = past * kept + added * (step * step)
        value -= rate * step
      }
    }
  }
}
