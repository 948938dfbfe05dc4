package import Fields
package import Kernels
internal import YAML

/// m = β1·m + (1 − β1)·g;  v = β2·v + (1 − β2)·g²;  u = max(u, v);  w ← w − r·m̂ / (√û + ε)
///
/// Adam whose second moment never falls: û = u/(1 − β2ᵗ), the greatest v so far, corrected as PyTorch does it. The rest
/// is ``Adam``'s.
///
/// Reference: S. J. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", 2018.
package struct AMSGrad: Solver {
  var momentum = 0.9
  var momentum2 = 0.999
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "AMSGrad", aliases: ["AMSgrad"],
    formula: "v = β2·v + (1 − β2)·g²;  u = max(u, v);  w ← w − r·m̂ / (√û + ε)",
    discussion: "torch.optim.Adam with amsgrad=True: the second moment never falls.",
    example: "{type: AMSGrad, base_lr: 0.001, max_epochs: 10}")

  package static let fields: [Field<AMSGrad>] = [
    .optional(
      "momentum", \.momentum, .keptPart, "The part β1 of the mean gradient that is kept."),
    .optional(
      "momentum2", \.momentum2, .keptPart, "The part β2 of the mean square that is kept."),
    .optional("delta", \.delta, .epsilon, "What is added to the root (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    Moments.names + ["greatest second moment"]
  }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, momentum, momentum2) }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    AMSGradUpdate(
      operands: operands, moments: Moments(operands.states, momentum, momentum2),
      delta: Float(delta))
  }
}

private struct AMSGradUpdate: Kernel {
  let operands: UpdateOperands
  let moments: Moments
  let delta: Float

  func run() {
    let step = Float(operands.rate * operands.correction(0))
    let (root, delta) = (Float(operands.correction(1)), delta)
    let greatest = Lanes(operands.states[2])
    operands.forEachVector { value, gradient, index in
      let (mean, square) = moments.take(gradient, index)
      var most = greatest[index]
      // A NaN is taken in, and shows in the value.
      most.replace(with: square, where: .!(square .<= most))
      greatest[index] = most
      value -= step * mean / (most.squareRoots * root + delta)
    }
  }
}
