package import Fields
package import Kernels
internal import YAML

/// h = h + g²;  w ← w − r·g / (√h + ε)
///
/// g is the gradient after clipping and decay, r = lr · lr_mult, ε is `delta`. PyTorch and Caffe have one formula; their
/// ε differs, and with it the default by `form`. There is no momentum, in Caffe neither.
///
/// Reference: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic
/// optimization", 2011.
package struct AdaGrad: Solver {
  var delta: Double?
  var form = SolverForm.pytorch

  package init() {}

  package static let reference = Reference(
    "AdaGrad", aliases: ["Adagrad", "ADAGRAD"],
    formula: "h = h + g²;  w ← w − r·g / (√h + ε)",
    discussion: """
      The rate of a weight falls with all of its past gradients: torch.optim.Adagrad. `form: caffe` has the same formula
      with another default of delta.
      """,
    example: "{type: AdaGrad, base_lr: 0.01, max_epochs: 10}")

  package static let fields: [Field<AdaGrad>] = [
    .optional(
      "delta", \.delta, .given(.epsilon),
      "What is added to the root (ε). Default: 1e-10, of form caffe 1e-8."),
    .optional("form", \.form, "Whose defaults hold."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["sum of squares"] }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    AdaGradUpdate(
      operands: operands, delta: Float(delta ?? (form == .caffe ? 1e-8 : 1e-10)))
  }
}

private struct AdaGradUpdate: Kernel {
  let operands: UpdateOperands
  let delta: Float

  func run() {
    let (rate, delta) = (Float(operands.rate), delta)
    let squares = Lanes(operands.states[0])
    operands.forEachVector { value, gradient, index in
      let sum = squares[index] + gradient * gradient
      squares[index] = sum
      value -= rate * gradient / (sum.squareRoots + delta)
    }
  }
}

extension Constraint<Double> {
  /// What keeps a quotient finite: not 0 in single precision either.
  static var epsilon: Constraint<Double> { .within(1e-30...1e6) }

  /// The part of a running mean that is kept.
  static var keptPart: Constraint<Double> { .within(0..<1) }
}
