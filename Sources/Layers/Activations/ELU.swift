package import Fields
package import Kernels

/// y = x where x > 0, else alpha · (e^x − 1)
///
/// x and y have the same shape, with any axes. ∂x = ∂y where y > 0, and (y + alpha) · ∂y elsewhere.
/// Backward therefore reads the output alone.
///
/// Large negative inputs approach −alpha. alpha must not be negative, because backward derives the
/// sign of the input from the output.
///
/// Reference: D. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning
/// by exponential linear units (ELUs)", 2015.
package struct ELU: ElementwiseLayer {
  /// α, the negated limit for large negative inputs. It is at least 0.
  var alpha = 1.0

  package init() {}

  package static let reference = Reference(
    "ELU",
    formula: "y = x where x > 0, else alpha · (e^x − 1)",
    discussion: """
      Keeps the shape. alpha must not be negative. The output then has the sign of the input, and
      the derivative is computed from the output.
      """,
    example: "{name: elu1, type: ELU, alpha: 0.5}")

  package static let fields: [Field<ELU>] = [
    .optional("alpha", \.alpha, .within(0...1e6), "The negated limit of large negative inputs.")
  ]

  package var function: ElementwiseLoops {
    .elu(alpha: Float(alpha))
  }
}
