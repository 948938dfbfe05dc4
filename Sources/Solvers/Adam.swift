package import Fields
package import Kernels

/// m = β1·m + (1 − β1)·g;  v = β2·v + (1 − β2)·g²;  w ← w − r·m̂ / (√v̂ + ε)
///
/// m̂ = m/(1 − β1ᵗ) and v̂ = v/(1 − β2ᵗ) correct the bias of moving averages that begin at 0. t
/// counts the updates from 1. g is the gradient after clipping and decay, and r = lr · lr_mult. β1
/// is `momentum`, β2 is `momentum2`, and ε is `delta`.
///
/// `form: caffe` adds ε before the correction: w ← w − r·√(1 − β2ᵗ)/(1 − β1ᵗ) · m/(√v + ε). Its
/// default of β1 is 0.
///
/// The solver keeps two values for each weight: m and v. Weight decay enters the gradient and
/// therefore both moments; ``AdamW`` applies it to the weights directly.
///
/// Reference: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2014.
package struct Adam: Solver {
  /// β1, the decay rate of the first moment, in [0, 1). Nil selects the default of `form`.
  var momentum: Double?
  /// β2, the decay rate of the second moment, in [0, 1).
  var momentum2 = 0.999
  /// ε, which is added to the root. It has the unit of a gradient.
  var delta = 1e-8
  /// The implementation whose formula the solver follows.
  var form = SolverForm.pytorch

  package init() {}

  package static let reference = Reference(
    "Adam",
    formula: "m = β1·m + (1 − β1)·g;  v = β2·v + (1 − β2)·g²;  w ← w − r·m̂ / (√v̂ + ε)",
    discussion: """
      torch.optim.Adam. m̂ = m/(1 − β1ᵗ), v̂ = v/(1 − β2ᵗ). `form: caffe` adds ε before the correction:
      w ← w − r·√(1 − β2ᵗ)/(1 − β1ᵗ) · m/(√v + ε).
      """,
    example: "{type: Adam, base_lr: 0.001, momentum: 0.9, momentum2: 0.999, max_epochs: 10}")

  package static let fields: [Field<Adam>] = [
    .optional(
      "momentum", \.momentum, .given(.decayRate),
      "The decay rate β1 of the mean gradient. Default: 0.9, or 0 with form caffe."),
    .optional(
      "momentum2", \.momentum2, .decayRate, "The decay rate β2 of the mean squared gradient."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the root (ε)."),
    .optional("form", \.form, "The implementation whose formula applies."),
  ]

  /// β1 after the default of `form`.
  private var beta1: Double { momentum ?? (form == .caffe ? 0 : 0.9) }

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { Moments.names }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, beta1, momentum2) }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let (moments, delta) = (Moments(operands.states, beta1, momentum2), Float(delta))
    guard form == .caffe else { return adamUpdate(operands, moments, delta: delta) }
    return PreparedLoop {
      let step = Float(operands.rate * operands.correction(0) / operands.correction(1))
      operands.forEachVector { value, gradient, index in
        let (mean, square) = moments.take(gradient, index)
        value -= step * mean / (square.squareRoots + delta)
      }
    }
  }
}
