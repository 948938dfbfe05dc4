package import Fields
package import Kernels

/// y = x where x > 0, else alpha · (e^x − 1)
///
/// ∂x = ∂y where y > 0, (y + alpha) · ∂y elsewhere: backward needs the output alone.
///
/// Reference: D. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by exponential
/// linear units (ELUs)", 2015.
package struct ELU: ElementwiseLayer {
  var alpha = 1.0

  package init() {}

  package static let reference = Reference(
    "ELU",
    formula: "y = x where x > 0, else alpha · (e^x − 1)",
    discussion: """
      Keeps the shape. alpha is not negative: the derivative is taken from the output, which then tells the sign
      of the input.
      """,
    example: "{name: elu1, type: ELU, alpha: 0.5}")

  package static let fields: [Field<ELU>] = [
    .optional("alpha", \.alpha, .within(0...1e6), "What large negative inputs come to, negated.")
  ]

  package var function: ElementwiseLoops {
    .elu(alpha: Float(alpha))
  }
}
