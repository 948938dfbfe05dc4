package import Fields
package import Kernels

/// m = β1·m + (1 − β1)·g;  u = max(β2·u, |g| + ε);  w ← w − r/(1 − β1ᵗ) · m/u
///
/// Adamax is Adam with the infinity norm. u, a decaying maximum of |g|, replaces the root of the
/// mean square. u needs no bias correction, because a maximum is not drawn towards its initial 0.
///
/// The solver keeps two values for each weight: m and u. r = lr · lr_mult, and t counts the updates
/// from 1.
///
/// Reference: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2014 (section
/// 7.1).
package struct Adamax: Solver {
  /// β1, the decay rate of the first moment, in [0, 1).
  var momentum = 0.9
  /// β2, the decay rate of the maximum, in [0, 1).
  var momentum2 = 0.999
  /// ε, which is added to |g|. It keeps the divisor positive and has the unit of a gradient.
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "Adamax", aliases: ["AdaMax"],
    formula: "m = β1·m + (1 − β1)·g;  u = max(β2·u, |g| + ε);  w ← w − r/(1 − β1ᵗ) · m/u",
    discussion: "torch.optim.Adamax: Adam by the infinity norm.",
    example: "{type: Adamax, base_lr: 0.002, max_epochs: 10}")

  package static let fields: [Field<Adamax>] = [
    .optional(
      "momentum", \.momentum, .decayRate, "The decay rate β1 of the mean gradient."),
    .optional(
      "momentum2", \.momentum2, .decayRate, "The decay rate β2 of the greatest gradient."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the absolute gradient (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    ["first moment", "greatest gradient"]
  }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, momentum, momentum2) }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (kept, added) = (Float(momentum), Float(1 - momentum))
    let (fade, delta) = (Float(momentum2), Float(delta))
    return PreparedLoop {
      let step = Float(operands.rate * operands.correction(0))
      let (means, greatest) = (Lanes(operands.states[0]), Lanes(operands.states[1]))
      operands.forEachVector { value, gradient, index in
        let mean = means[index] * kept + added * gradient
        means[index] = mean
        let size = gradient.replacing(with: -gradient, where: gradient .< 0) + delta
        var most = greatest[index] * fade
        most.replace(with: size, where: .!(size .<= most))
        greatest[index] = most
        value -= step * mean / most
      }
    }
  }
}
