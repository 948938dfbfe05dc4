package import Fields
package import Kernels
package import Plans

/// v = m·v + g;  o = NS(g + m·v);  w ← w − r·λ·w;  w ← w − r·s·o
///
/// Muon orthogonalizes the momentum of weight matrices. It treats a kernel as the matrix [out, all
/// other axes]. NS is the ``NewtonSchulz`` iteration, which brings all singular values of the
/// direction close to 1. Without `nesterov`, o = NS(v).
///
/// The factor s is √max(1, out/in). With `adjust_lr: match_rms_adamw` it is 0.2·√max(out, in),
/// which gives steps the same root mean square as in ``AdamW``. λ = `weight_decay` · `decay_mult`,
/// r = lr · lr_mult, and g is the gradient after clipping.
///
/// Biases have no singular values, and PyTorch leaves them to another optimizer. Here they follow
/// ``AdamW`` (β1 0.9, β2 0.999, ε 1e-8) at the same rate, which `lr_mult` can change.
///
/// The solver keeps one value for each weight of a matrix (v), and two for each bias.
///
/// Reference: K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024.
package struct Muon: Solver {
  /// The rule that adapts the learning rate to the shape of a matrix.
  package enum Adjustment: String, FieldChoice {
    /// s = √max(1, out/in).
    case original
    /// s = 0.2·√max(out, in).
    case matchRMSAdamW = "match_rms_adamw"

    /// Returns s for a matrix of the given shape.
    func factor(rows: Int, columns: Int) -> Double {
      let (rows, columns) = (Double(max(rows, 1)), Double(max(columns, 1)))
      return switch self {
      case .original: max(1, rows / columns).squareRoot()
      case .matchRMSAdamW: 0.2 * max(rows, columns).squareRoot()
      }
    }
  }

  /// m, the decay rate of the velocity, in [0, 1).
  var momentum = 0.95
  /// Whether the direction is g + m·v instead of v.
  var isNesterov = true
  /// The number of Newton-Schulz iterations.
  var stepCount = 5
  /// The rule for s.
  var adjustment = Adjustment.original

  /// β1, β2 and ε of AdamW for biases.
  private static let beta1 = 0.9
  private static let beta2 = 0.999
  private static let delta: Float = 1e-8

  package init() {}

  package static let reference = Reference(
    "Muon",
    formula: "v = m·v + g;  o = NS(g + m·v);  w ← w − r·λ·w;  w ← w − r·s·o",
    discussion: """
      torch.optim.Muon, computed in float32 throughout. NS brings all singular values of a direction
      close to 1. A kernel is treated as the matrix [out, all other axes]. Biases follow AdamW at
      the same learning rate, which lr_mult can change.
      """,
    example: "{type: Muon, base_lr: 0.02, weight_decay: 0.1, max_epochs: 10}")

  package static let fields: [Field<Muon>] = [
    .optional("momentum", \.momentum, .decayRate, "The decay rate m of the velocity."),
    .optional("nesterov", \.isNesterov, "Whether the direction is g + m·v instead of v."),
    .optional("ns_steps", \.stepCount, .within(1...99), "The number of Newton-Schulz iterations."),
    .optional(
      "adjust_lr", \.adjustment, "The rule that adapts the rate to the shape of a matrix (s)."),
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
      muonDirection(
        operands, momentum: momentum, isNesterov: isNesterov, to: direction, square: square)
    }
    return UpdatePreparation(direction: iteration.record(steps: stepCount, &plan))
  }

  package func updateKernel(_ operands: UpdateOperands) -> any Kernel {
    guard let direction = operands.direction else {
      return adamUpdate(
        operands, Moments(operands.states, Muon.beta1, Muon.beta2), delta: Muon.delta,
        isDecoupled: true)
    }
    let factor = adjustment.factor(rows: operands.rows, columns: operands.columns)
    return PreparedLoop {
      let (rate, directions) = (Float(operands.rate * factor), Lanes(direction))
      operands.forEachVector(isDecoupled: true) { value, _, index in
        value -= rate * directions[index]
      }
    }
  }
}

/// Updates v, writes the direction, and sums its squares, for one tile.
private func muonDirection(
  _ operands: UpdateOperands, momentum: Float, isNesterov: Bool, to direction: FloatView,
  square: DoubleView
) -> some Kernel {
  PreparedLoop {
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
