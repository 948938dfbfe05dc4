package import Fields
package import Kernels

/// y = x · Φ(x) = x/2 · (1 + erf(x / √2)), with the distribution function Φ of N(0, 1), element by element
///
/// Exact: Φ(x) = ½·erfc(−x/√2), and ∂x = (Φ(x) + x·φ(x)) · ∂y with φ(x) = e^(−x²/2)/√(2π).
/// `approximate: tanh`: Φ(x) ≈ ½·(1 + tanh u) with u = √(2/π)·(x + 0.044715·x³).
///
/// Reference: D. Hendrycks, K. Gimpel, "Gaussian error linear units (GELUs)", 2016.
package struct GELU: ElementwiseLayer {
  package enum Approximation: String, FieldChoice {
    case none
    case tanh
  }

  var approximation = Approximation.none

  package init() {}

  package static let reference = Reference(
    "GELU",
    formula: "y = x · Φ(x) = x/2 · (1 + erf(x / √2))",
    discussion: """
      Keeps the shape. With approximate: tanh, y = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), which differs by
      up to 0.0005 and costs less.
      """,
    example: "{name: gelu1, type: GELU, approximate: tanh}")

  package static let fields: [Field<GELU>] = [
    .optional(
      "approximate", \.approximation,
      "Which form: none is that of the error function, tanh the fast one.")
  ]

  package var function: ElementwiseLoops {
    switch approximation {
    case .none: .gelu
    case .tanh: .fastGELU
    }
  }
}
