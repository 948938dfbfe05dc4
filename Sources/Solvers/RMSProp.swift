package import Fields
package import Kernels

/// h = d·h + (1 − d)·g²;  w ← w − r·g / (√h + ε)
///
/// g is the gradient after clipping and decay, and r = lr · lr_mult. d is `rms_decay` (PyTorch's
/// alpha), and ε is `delta`.
///
/// - `centered` divides by √(h − ḡ²) + ε, where ḡ = d·ḡ + (1 − d)·g is the mean gradient.
/// - With momentum m, a velocity accumulates the quotient u: v = m·v + u;  w ← w − r·v.
///
/// Caffe has only the plain formula, so that `form: caffe` refuses momentum and centring. The
/// solver keeps h for each weight, and also ḡ and v if the fields require them.
///
/// References: T. Tieleman, G. Hinton, "Lecture 6.5: RMSProp", 2012; A. Graves, "Generating
/// sequences with recurrent neural networks", 2013 (centred).
package struct RMSProp: Solver {
  /// d, the decay rate of the means, in [0, 1).
  var decay = 0.99
  /// ε, which is added to the root. It has the unit of a gradient.
  var delta = 1e-8
  /// Whether the divisor is the root of the variance instead of the mean square.
  var isCentered = false
  /// m, the decay rate of the velocity, in [0, 1). With 0 the solver keeps no velocity.
  var momentum = 0.0
  /// The implementation whose formula the solver follows.
  var form = SolverForm.pytorch

  package init() {}

  package static let reference = Reference(
    "RMSProp", aliases: ["RMSprop", "RMSPROP"],
    formula: "h = d·h + (1 − d)·g²;  w ← w − r·g / (√h + ε)",
    discussion: """
      torch.optim.RMSprop: divides by the root of a moving average of squared gradients. It can be
      centred and have momentum. `form: caffe` has neither.
      """,
    example: "{type: RMSProp, base_lr: 0.001, rms_decay: 0.99, centered: true, max_epochs: 10}")

  package static let fields: [Field<RMSProp>] = [
    .optional(
      "rms_decay", \.decay, .decayRate,
      "The decay rate d of the mean squared gradient (alpha)."),
    .optional("delta", \.delta, .epsilon, "The term that is added to the root (ε)."),
    .optional(
      "centered", \.isCentered, "Whether to divide by the root of the variance."),
    .optional("momentum", \.momentum, .decayRate, "The decay rate m of the velocity."),
    .optional("form", \.form, "The implementation whose formula applies."),
  ]

  /// Refuses momentum and centring with `form: caffe`.
  package var inconsistency: String? {
    guard form == .caffe else { return nil }
    if momentum != 0 {
      return "expected no momentum with form caffe, whose RMSProp has none, received \(momentum)"
    }
    return isCentered
      ? "expected centered: false with form caffe, which has no centring, received true" : nil
  }

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    ["mean of squares"] + (isCentered ? ["mean"] : []) + (momentum == 0 ? [] : ["velocity"])
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    PreparedLoop {
      let rate = Float(operands.rate)
      guard momentum != 0, let velocity = operands.states.last.map(Lanes.init) else {
        forEachQuotient(operands) { value, quotient, _ in value -= rate * quotient }
        return
      }
      let momentum = Float(momentum)
      forEachQuotient(operands) { value, quotient, index in
        let next = velocity[index] * momentum + quotient
        velocity[index] = next
        value -= rate * next
      }
    }
  }

  /// Updates h and ḡ, and calls `rule` with eight values, the quotients g / (√h + ε), and their
  /// index.
  @inline(__always)
  private func forEachQuotient(
    _ operands: UpdateOperands, _ rule: (inout Lanes.Vector, Lanes.Vector, Int) -> Void
  ) {
    let (kept, added, delta) = (Float(decay), Float(1 - decay), Float(delta))
    let squares = Lanes(operands.states[0])
    guard isCentered else {
      operands.forEachVector { value, gradient, index in
        let square = squares[index] * kept + added * (gradient * gradient)
        squares[index] = square
        rule(&value, gradient / (square.squareRoots + delta), index)
      }
      return
    }
    let means = Lanes(operands.states[1])
    operands.forEachVector { value, gradient, index in
      let square = squares[index] * kept + added * (gradient * gradient)
      squares[index] = square
      let mean = means[index] * kept + added * gradient
      means[index] = mean
      // Rounding can make a variance negative.
      var variance = square - mean * mean
      variance.replace(with: 0, where: variance .< 0)
      rule(&value, gradient / (variance.squareRoots + delta), index)
    }
  }
}
