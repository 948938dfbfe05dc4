package import Fields
internal import Functions

/// rate = min_lr + (base_lr − min_lr) / 2 · (1 + cos(π · t / T))
///
/// t counts the iterations since the last restart, and T is the period. The first period is
/// `length` (PyTorch's T_max and T_0). Each later period is `t_mult` times as long as the one
/// before. Without `length` there is one period: the whole training, or `lr_length`. After this
/// period the rate stays at min_lr.
///
/// Reference: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts",
/// 2016.
package struct Cosine: LearningRatePolicy {
  /// The first period. Nil means the whole training.
  var length: Duration?
  /// The quotient of two successive periods (`t_mult`).
  var factor = 1
  /// The rate at the end of each period, at most base_lr.
  var least = 0.0

  package init() {}

  package static let reference = Reference(
    "cosine", formula: "rate = min_lr + (base_lr − min_lr) / 2 · (1 + cos(π · t / T))",
    discussion: """
      The rate follows half a cosine over the training. With length it restarts after T = length
      iterations, then after T = t_mult · T, and so on, like CosineAnnealingWarmRestarts.
      """,
    example: "{type: cosine, length: 1000, t_mult: 2, min_lr: 0.0001}")

  package static let fields: [Field<Cosine>] = [
    .optional(
      "length", \.length, "The first period (T_0). Default: the whole training."),
    .optional(
      "t_mult", \.factor, .within(1...1_000_000), "The factor from one period to the next."),
    .optional("min_lr", \.least, .within(0...1e6), "The rate at the end of a period (eta_min)."),
  ]

  package var idleFields: [IdleField] {
    length == nil ? [IdleField("t_mult", since: "without length there is one period")] : []
  }

  package var endsWithTraining: Bool { length == nil }

  package func inconsistency(base: Double) -> String? { inconsistency(ofLeast: least, base: base) }

  package func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double {
    var (time, period) = (iteration, training.iterations(in: length))
    if length == nil {
      time = min(time, period)
    } else if factor == 1 {
      time %= period
    } else {
      while time >= period {
        time -= period
        // A period that overflows is longer than any training.
        let (product, overflows) = period.multipliedReportingOverflow(by: factor)
        period = overflows ? Int.max : product
      }
    }
    return least + (base - least) / 2
      * (1 + Functions.cosine(ofTurns: Double(time) / Double(period) / 2))
  }
}
