package import Fields
internal import Functions
package import Kernels

/// w ← w − r·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m) / (√v̂ + ε)
///
/// NAdam is Adam with Nesterov momentum. m, v and v̂ are those of ``Adam``. μₜ = β1·(1 −
/// 0.96^(t·ψ)/2) rises towards β1, Πμ is the product of μ₁ to μₜ, and ψ is `momentum_decay`. r = lr
/// · lr_mult.
///
/// The solver keeps two values for each weight: m and v. It keeps Πμ once for all weights.
///
/// Reference: T. Dozat, "Incorporating Nesterov momentum into Adam", 2016.
package struct NAdam: Solver {
  /// β1, the decay rate of the first moment, in [0, 1).
  var momentum = 0.9
  /// β2, the decay rate of the second moment, in [0, 1).
  var momentum2 = 0.999
  /// ψ, the speed at which μ rises to β1. With 0, μ is β1/2 throughout.
  var momentumDecay = 0.004
  /// ε, which is added to the root. It has the unit of a gradient.
  var delta = 1e-8

  package init() {}

  package static let reference = Reference(
    "NAdam",
    formula: "w ← w − r·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m) / (√v̂ + ε)",
    discussion: "torch.optim.NAdam. μₜ = β1·(1 − 0.96^(t·ψ)/2), where t counts the updates from 1.",
    example: "{type: NAdam, base_lr: 0.002, max_epochs: 10}")

  package static let fields: [Field<NAdam>] = [
    .optional(
      "momentum", \.momentum, .decayRate, "The decay rate β1 of the mean gradient."),
    .optional(
      "momentum2", \.momentum2, .decayRate, "The decay rate β2 of the mean squared gradient."),
    .optional(
      "momentum_decay", \.momentumDecay, .within(0...1e6), "The speed at which μ rises to β1 (ψ)."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the root (ε)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { Moments.names }

  /// Writes the coefficients of g and m, the correction of v, and Πμ.
  ///
  /// Πμ continues from the value that the previous update wrote.
  package func correct(_ rates: DoubleView) {
    let (number, place) = (rates[UpdateRates.number], UpdateRates.corrections)
    func factor(_ number: Double) -> Double {
      momentum * (1 - 0.5 * power(0.96, number * momentumDecay))
    }
    let (now, next) = (factor(number), factor(number + 1))
    let product = (number == 1 ? 1 : rates[place + 3]) * now
    rates[place] = (1 - now) / (1 - product)
    rates[place + 1] = next / (1 - product * next)
    rates[place + 2] = 1 / (1 - power(momentum2, number)).squareRoot()
    rates[place + 3] = product
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (moments, delta) = (Moments(operands.states, momentum, momentum2), Float(delta))
    return PreparedLoop {
      let gradientStep = Float(operands.rate * operands.correction(0))
      let meanStep = Float(operands.rate * operands.correction(1))
      let root = Float(operands.correction(2))
      operands.forEachVector { value, gradient, index in
        let (mean, square) = moments.take(gradient, index)
        value -= (gradientStep * gradient + meanStep * mean) / (square.squareRoots * root + delta)
      }
    }
  }
}
