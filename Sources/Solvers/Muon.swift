package import Fields
package import Kernels
package import Plans
internal import YAML

/// v = m·v + g;  o = NS(g + m·v);  w ← w − r·λ·w;  w ← w − r·s·o
///
/// For weight matrices, and kernels as [out, the rest]: NS makes the singular values of the direction nearly 1 by
/// ``NewtonSchulz``; without `nesterov` it is NS(v). s is √max(1, out/in), or 0.2·√max(out, in) with
/// `adjust_lr: match_rms_adamw`, which makes steps as long as AdamW's. λ = `weight_decay` · `decay_mult`,
/// r = lr · lr_mult; g is the gradient after clipping.
///
/// Biases have no singular values. As PyTorch documents, which leaves them to another optimizer, they follow ``AdamW``
/// (β1 0.9, β2 0.999, ε 1e-8) with the same rate; `lr_mult` gives them another.
///
/// Reference: K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024.
package struct Muon: Solver {
  /// How the rate follows the shape of a matrix.
  package enum Adjustment: String, FieldChoice {
    case original
    case matchRMSAdamW = "match_rms_adamw"

    /// s.
    func factor(rows: Int, columns: Int) -> Double {
      let (rows, columns) = (Double(max(rows, 1)), Double(max(columns, 1)))
      return switch self {
      case .original: max(1, rows / columns).squareRoot()
      case .matchRMSAdamW: 0.2 * max(rows, columns).squareRoot()
      }
    }
  }

  var momentum = 0.95
  var isNesterov = true
  var stepCount = 5
  var adjustment = Adjustment.original

  /// Of the AdamW that biases follow.
  private static let beta1 = 0.9
  private static let beta2 = 0.999
  private static let delta: Float = 1e-8

  package init() {}

  package static let reference = Reference(
    "Muon",
    formula: "v = m·v + g;  o = NS(g + m·v);  w ← w − r·λ·w;  w ← w − r·s·o",
    discussion: """
      torch.optim.Muon, in single precision throughout: NS makes all singular values of a direction nearly 1. Kernels
      are matrices [out, the rest]. Biases follow AdamW with the same learning rate; lr_mult gives them another.
      """,
    example: "{type: Muon, base_lr: 0.02, weight_decay: 0.1, max_epochs: 10}")

  package static let fields: [Field<Muon>] = [
    .optional("momentum", \.momentum, .keptPart, "The part m of the velocity that is kept."),
    .optional("nesterov", \.isNesterov, "Whether the direction looks ahead: g + m·v, and not v."),
    .optional("ns_steps", \.stepCount, .within(1...99), "Newton-Schulz iterations."),
    .optional("adjust_lr", \.adjustment, "How the rate follows the shape of a matrix (s)."),
  ]

  package func stateNames(ofMatrix isMatrix: Bool) -> [String] {
    isMatrix ? ["velocity"] : Moments.names
  }

  package func correct(_ rates: DoubleView) { Moments.correct(rates, Muon.beta1, Muon.beta2) }

  package var preparationCount: Int { NewtonSchulz.memoryCount }

  package func recordPreparation(
    of parameter: UpdateParameter, _ plan: inout PlanBuilder
  ) -> UpdatePreparation {
    guard parameter.isMatrix else { return UpdatePreparation() }
    let iteration = NewtonSchulz(parameter, &plan)
    let (momentum, isNesterov) = (Float(momentum), isNesterov)
    iteration.recordStart(&plan) { operands, direction, square in
      MuonDirection(
        operands: operands, momentum: momentum, isNesterov: isNesterov, direction: direction,
        square: square)
    }
    return UpdatePreparation(direction: iteration.record(steps: stepCount, &plan))
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    guard let direction = operands.direction else {
      return AdamUpdate(
        operands: operands, moments: Moments(operands.states, Muon.beta1, Muon.beta2),
        delta: Muon.delta, isDecoupled: true)
    }
    return MuonUpdate(
      operands: operands, direction: direction,
      factor: adjustment.factor(rows: operands.rows, columns: operands.columns))
  }
}

/// v = m·v + g, the direction, and the sum of its squares.
private struct MuonDirection: Kernel {
  let operands: UpdateOperands
  let momentum: Float
  let isNesterov: Bool
  let direction: FloatView
  let square: DoubleView

  func run() {
    let (gradients, velocity) = (Lanes(operands.gradient), Lanes(operands.states[0]))
    let directions = Lanes(direction)
    let scale = Float(operands.rates[UpdateRates.gradientScale])
    var squares = SquareSums()
    for index in stride(from: 0, to: operands.gradient.count, by: Lanes.Vector.scalarCount) {
      let gradient = gradients[index] * scale
      let next = velocity[index] * momentum + gradient
      velocity[index] = next
      let vector = isNesterov ? gradient + next * momentum : next
      directions[index] = vector
      squares.add(vector)
    }
    square[0] = squares.total
  }
}

/// w ← w − r·λ·w;  w ← w − r·s·o.
private struct MuonUpdate: Kernel {
  let operands: UpdateOperands
  let direction: FloatView
  let factor: Double

  func run() {
    let rate = Float(operands.rate * factor)
    let directions = Lanes(direction)
    operands.forEachVector(isDecoupled: true) { value, _, index in
      value -= rate * directions[index]
    }
  }
}
