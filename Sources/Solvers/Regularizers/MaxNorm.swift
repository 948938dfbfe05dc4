package import Fields
internal import YAML

/// ‖w_o‖ ≤ c for the weights w_o of every output o
///
/// No penalty but a bound: after each update, a row of a weight matrix [out, in], or of a kernel [out, the rest], that
/// is longer than `limit` is scaled down to it. Biases are left as they are, and so are parameters with `decay_mult: 0`.
/// It has no strength, so `weight_decay` does not go with it, and no part in the objective.
///
/// References: N. Srebro, A. Shraibman, "Rank, trace-norm and max-norm", 2005; N. Srivastava et al., "Dropout: a simple
/// way to prevent neural networks from overfitting", 2014.
package struct MaxNorm: Regularizer {
  var limit = 1.0

  package init() {}

  package static let reference = Reference(
    "max_norm", formula: "‖w_o‖ ≤ c for the weights w_o of every output o",
    discussion: """
      After each update the rows of weight matrices and kernels that are longer than limit are scaled down to it; biases
      are not. Without weight_decay.
      """,
    example: "{type: max_norm, limit: 3}")

  package static let fields: [Field<MaxNorm>] = [
    .required("limit", \.limit, .within(1e-30...1e30), "The greatest norm of a row (c).")
  ]

  package var rowLimit: Double? { limit }

  package func decay(strength: Double) -> Decay { Decay(l1: 0, l2: 0) }
}
