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
    RMSPropUpdate(
      operands: operands, decay: decay, delta: delta, isCentered: isCentered, momentum: momentum)
  }
}

/// Updates h, ḡ, v and w of one tile in one pass.
private struct RMSPropUpdate: Kernel {
  private let operands: UpdateOperands
  private let kept: Float
  private let added: Float
  private let delta: Float
  private let momentum: Float
  private let mean: FloatView?
  private let velocity: FloatView?

  init(
    operands: UpdateOperands, decay: Double, delta: Double, isCentered: Bool, momentum: Double
  ) {
    self.operands = operands
    (kept, added) = (Float(decay), Float(1 - decay))
    (self.delta, self.momentum) = (Float(delta), Float(momentum))
    mean = isCentered ? operands.states[1] : nil
    velocity = momentum == 0 ? nil : operands.states.last
  }

  func run() {
    let (rate, momentum) = (Float(operands.rate), momentum)
    guard let velocity = velocity.map(Lanes.init) else {
      forEachQuotient { value, quotient, _ in value -= rate * quotient }
      return
    }
    forEachQuotient { value, quotient, index in
      let next = velocity[index] * momentum + quotient
      velocity[index] = next
      value -= rate * next
    }
  }

  /// Calls `rule` with eight values, the quotients g / (√h + ε), and their index.
  @inline(__always)
  private func forEachQuotient(_ rule: (inout Lanes.Vector, Lanes.Vector, Int) -> Void) {
    let (kept, added, delta) = (kept, added, delta)
    let squares = Lanes(operands.states[0])
    guard let mean = mean.map(Lanes.init) else {
      operands.forEachVector { value, gradient, index in
        let square = squares[index] * kept + added * (gradient * gradient)
        squares[index] = square
        rule(&value, gradient / (square.squareRoots + delta), index)
      }
      return
    }
    operands.forEachVector { value, gradient, index in
      let square = squares[index] * kept + added * (gradient * gradient)
      squares[index] = square
      let middle = mean[index] * kept + added * gradient
      mean[index] = middle
      // Rounding can make a variance negative.
      var variance = square - middle * middle
      variance.replace(with: 0, where: variance .< 0)
      rule(&value, gradient / (variance.squareRoots + delta), index)
    }
  }
}
