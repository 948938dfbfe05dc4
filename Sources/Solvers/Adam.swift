package import Fields
package import Kernels
internal import YAML

/// m = β1·m + (1 − β1)·g;  v = β2·v + (1 − β2)·g²;  w ← w − r·m̂ / (√v̂ + ε)
///
/// m̂ = m/(1 − β1ᵗ) and v̂ = v/(1 − β2ᵗ), t counting the updates from 1. g is the gradient after clipping and decay,
/// r = lr · lr_mult, β1 is `momentum`, β2 `momentum2`, ε `delta`. `form: caffe` adds ε before the correction,
/// w ← w − r·√(1 − β2ᵗ)/(1 − β1ᵗ) · m/(√v + ε), and its β1 is 0 unless it is stated.
///
/// Reference: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2014.
package struct Adam: Solver {
  var momentum: Double?
  var momentum2 = 0.999
  var delta = 1e-8
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
      "momentum", \.momentum, .given(.keptPart),
      "The part β1 of the mean gradient that is kept. Default: 0.9, of form caffe 0."),
    .optional(
      "momentum2", \.momentum2, .keptPart, "The part β2 of the mean square that is kept."),
    .optional("delta", \.delta, .epsilon, "What is added to the root (ε)."),
    .optional("form", \.form, "Whose formula it is."),
  ]

  private var beta1: Double { momentum ?? (form == .caffe ? 0 : 0.9) }

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { Moments.names }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, beta1, momentum2) }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let moments = Moments(operands.states, beta1, momentum2)
    return form == .caffe
      ? CaffeAdamUpdate(operands: operands, moments: moments, delta: Float(delta))
      : AdamUpdate(operands: operands, moments: moments, delta: Float(delta))
  }
}

/// w ← w − r·m̂ / (√v̂ + ε); with decoupled decay AdamW's.
struct AdamUpdate: Kernel {
  let operands: UpdateOperands
  let moments: Moments
  let delta: Float
  var isDecoupled = false

  func run() {
    if isDecoupled { update(isDecoupled: true) } else { update(isDecoupled: false) }
  }

  @inline(__always)
  private func update(isDecoupled: Bool) {
    let step = Float(operands.rate * operands.correction(0))
    let (root, delta) = (Float(operands.correction(1)), delta)
    operands.forEachVector(isDecoupled: isDecoupled) { value, gradient, index in
      let (mean, square) = moments.take(gradient, index)
      value -= step * mean / (square.squareRoots * root + delta)
    }
  }
}

/// w ← w − r·√(1 − β2ᵗ)/(1 − β1ᵗ) · m/(√v + ε).
private struct CaffeAdamUpdate: Kernel {
  let operands: UpdateOperands
  let moments: Moments
  let delta: Float

  func run() {
    let step = Float(operands.rate * operands.correction(0) / operands.correction(1))
    let delta = delta
    operands.forEachVector { value, gradient, index in
      let (mean, square) = moments.take(gradient, index)
      value -= step * mean / (square.squareRoots + delta)
    }
  }
}
