package import Fields
package import Kernels

/// h = h + g²;  w ← w − r·g / (√h + ε)
///
/// g is the gradient after clipping and decay, r = lr · lr_mult, and ε is `delta`. PyTorch and
/// Caffe use the same formula with different ε; `form` selects the default. Neither has momentum.
///
/// The solver keeps one value for each weight: h. Weights with rare gradients keep a high rate,
/// which suits sparse inputs. h never decreases, so that every rate falls towards 0.
///
/// Reference: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and
/// stochastic optimization", 2011.
package struct AdaGrad: Solver {
  /// ε, which is added to the root. Nil selects the default of `form`.
  var delta: Double?
  /// The implementation that provides the default of ε.
  var form = SolverForm.pytorch

  package init() {}

  package static let reference = Reference(
    "AdaGrad", aliases: ["Adagrad", "ADAGRAD"],
    formula: "h = h + g²;  w ← w − r·g / (√h + ε)",
    discussion: """
      torch.optim.Adagrad: the rate of a weight falls with the sum of its squared gradients.
      `form: caffe` uses the same formula with another default of delta.
      """,
    example: "{type: AdaGrad, base_lr: 0.01, max_epochs: 10}")

  package static let fields: [Field<AdaGrad>] = [
    .optional(
      "delta", \.delta, .given(.epsilon),
      "The term that is added to the root (ε). Default: 1e-10, or 1e-8 with form caffe."),
    .optional("form", \.form, "The implementation whose defaults apply."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] { ["sum of squares"] }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    let delta = Float(delta ?? (form == .caffe ? 1e-8 : 1e-10))
    return PreparedLoop {
      let (rate, squares) = (Float(operands.rate), Lanes(operands.states[0]))
      operands.forEachVector { value, gradient, index in
        let sum = squares[index] + gradient * gradient
        squares[index] = sum
        value -= rate * gradient / (sum.squareRoots + delta)
      }
    }
  }
}

extension Constraint<Double> {
  /// The range of ε: large enough that float32 represents it and every quotient stays finite.
  static var epsilon: Constraint<Double> { .within(1e-30...1e6) }

  /// The range of the decay rate of a moving average.
  static var decayRate: Constraint<Double> { .within(0..<1) }
}
