package import Fields
package import Kernels
internal import YAML

/// h = d·h + (1 − d)·g²;  w ← w − r·g / (√h + ε)
///
/// g is the gradient after clipping and decay, r = lr · lr_mult, d is `rms_decay` (PyTorch's alpha), ε is `delta`.
/// `centered` divides by √(h − ḡ²) + ε, ḡ = d·ḡ + (1 − d)·g being the mean gradient. With momentum m the quotient u
/// gathers in a velocity: v = m·v + u;  w ← w − r·v. Caffe has the plain formula alone; `form: caffe` refuses the rest.
///
/// References: T. Tieleman, G. Hinton, "Lecture 6.5: RMSProp", 2012; A. Graves, "Generating sequences with recurrent
/// neural networks", 2013 (centred).
package struct RMSProp: Solver {
  var decay = 0.99
  var delta = 1e-8
  var isCentered = false
  var momentum = 0.0
  var form = SolverForm.pytorch

  package init() {}

  package static let reference = Reference(
    "RMSProp", aliases: ["RMSprop", "RMSPROP"],
    formula: "h = d·h + (1 − d)·g²;  w ← w − r·g / (√h + ε)",
    discussion: """
      Divides by the root of a running mean of squared gradients: torch.optim.RMSprop, plain, centred, and with momentum.
      `form: caffe` has neither momentum nor centring.
      """,
    example: "{type: RMSProp, base_lr: 0.001, rms_decay: 0.99, centered: true, max_epochs: 10}")

  package static let fields: [Field<RMSProp>] = [
    .optional(
      "rms_decay", \.decay, .keptPart,
      "The part d of the running mean that is kept (alpha)."),
    .optional("delta", \.delta, .epsilon, "What is added to the root (ε)."),
    .optional(
      "centered", \.isCentered, "Whether the squared mean gradient is taken off: a variance."),
    .optional("momentum", \.momentum, .keptPart, "The part m of a velocity that is kept."),
    .optional("form", \.form, "Whose formula it is."),
  ]

  package var inconsistency: String? {
    guard form == .caffe else { return nil }
    if momentum != 0 {
      return "expected no momentum with form caffe, whose RMSProp has none, received \(momentum)"
    }
    return isCentered
      ? "expected no centered with form caffe, whose RMSProp has none, received true" : nil
  }

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    ["mean of squares"] + (isCentered ? ["mean"] : []) + (momentum == 0 ? [] : ["velocity"])
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    RMSPropUpdate(
      operands: operands, decay: decay, delta: delta, isCentered: isCentered, momentum: momentum)
  }
}

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

  /// Calls `rule` with g / (√h + ε).
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
      // Rounding may leave less than nothing of a variance.
      var variance = square - middle * middle
      variance.replace(with: 0, where: variance .< 0)
      rule(&value, gradient / (variance.squareRoots + delta), index)
    }
  }
}
