package import Fields
package import Kernels
internal import YAML

/// h = ρ·h + (1 − ρ)·g²;  u = g·√(s + ε) / √(h + ε);  s = ρ·s + (1 − ρ)·u²;  w ← w − r·u
///
/// g is the gradient after clipping and decay, r = lr · lr_mult, ρ is `momentum` (as in Caffe; PyTorch's rho), ε is
/// `delta`. PyTorch and Caffe have one formula; the defaults differ by `form`.
///
/// Reference: M. D. Zeiler, "ADADELTA: an adaptive learning rate method", 2012.
package struct AdaDelta: Solver {
  var momentum: Double?
  var delta: Double?
  var form = SolverForm.pytorch

  package init() {}

  package static let reference = Reference(
    "AdaDelta", aliases: ["Adadelta", "ADADELTA"],
    formula:
      "h = ρ·h + (1 − ρ)·g²;  u = g·√(s + ε) / √(h + ε);  s = ρ·s + (1 − ρ)·u²;  w ← w − r·u",
    discussion: """
      Steps as long as past steps were: torch.optim.Adadelta. A base_lr of 1 is the paper's. `form: caffe` has the same
      formula with other defaults.
      """,
    example: "{type: AdaDelta, base_lr: 1, momentum: 0.9, max_epochs: 10}")

  package static let fields: [Field<AdaDelta>] = [
    .optional(
      "momentum", \.momentum, .given(.keptPart),
      "The part ρ of the running means that is kept (rho). Default: 0.9, of form caffe 0."),
    .optional(
      "delta", \.delta, .given(.epsilon),
      "What is added below the roots (ε). Default: 1e-6, of form caffe 1e-8."),
    .optional("form", \.form, "Whose defaults hold."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    ["mean of squared gradients", "mean of squared steps"]
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let kept = momentum ?? (form == .caffe ? 0 : 0.9)
    return AdaDeltaUpdate(
      operands: operands, kept: Float(kept), added: Float(1 - kept),
      delta: Float(delta ?? (form == .caffe ? 1e-8 : 1e-6)))
  }
}

private struct AdaDeltaUpdate: Kernel {
  let operands: UpdateOperands
  let kept: Float
  let added: Float
  let delta: Float

  func run() {
    let (rate, kept, added, delta) = (Float(operands.rate), kept, added, delta)
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
