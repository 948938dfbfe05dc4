package import Fields

/// ‖w_o‖ ≤ c for the weights w_o of every output o
///
/// This is a constraint, not a penalty. After each update, the solver scales down every row that is
/// longer than `limit`, until its norm is `limit`. A row is one row of a weight matrix [out, in],
/// or of a kernel as the matrix [out, all other axes].
///
/// Biases and parameters with `decay_mult: 0` are exempt. The constraint has no strength, so that
/// the solver refuses `weight_decay` beside it. The constraint adds nothing to the objective.
///
/// References: N. Srebro, A. Shraibman, "Rank, trace-norm and max-norm", 2005; N. Srivastava et
/// al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
package struct MaxNorm: Regularizer {
  /// c, the greatest Euclidean norm of a row.
  var limit = 1.0

  package init() {}

  package static let reference = Reference(
    "max_norm", formula: "‖w_o‖ ≤ c for the weights w_o of every output o",
    discussion: """
      Scales the rows of weight matrices and kernels down to the norm limit after each update.
      Leaves biases unchanged. Excludes weight_decay.
      """,
    example: "{type: max_norm, limit: 3}")

  package static let fields: [Field<MaxNorm>] = [
    .required("limit", \.limit, .within(1e-30...1e30), "The greatest norm of a row (c).")
  ]

  package var rowLimit: Double? { limit }

  package func decay(strength: Double) -> Decay { Decay(l1: 0, l2: 0) }
}
