package import Fields
package import Kernels

/// y = x · Φ(x) = x/2 · (1 + erf(x / √2)), with the distribution function Φ of N(0, 1), element by
/// element
///
/// x and y have the same shape, with any axes. The exact form computes Φ(x) = ½·erfc(−x/√2), which
/// keeps its precision for negative x. ∂x = (Φ(x) + x·φ(x)) · ∂y with φ(x) = e^(−x²/2)/√(2π).
///
/// With `approximate: tanh`, Φ(x) ≈ ½·(1 + tanh u) with u = √(2/π)·(x + 0.044715·x³). The result
/// differs by up to 0.0005 and costs less.
///
/// Reference: D. Hendrycks, K. Gimpel, "Gaussian error linear units (GELUs)", 2016.
package struct GELU: ElementwiseLayer {
  /// The form of Φ; the names are PyTorch's.
  package enum Approximation: String, FieldChoice {
    /// The error function.
    case none
    /// The approximation by a hyperbolic tangent.
    case tanh
  }

  /// The form of Φ that both directions use.
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
      "The form of Φ: none is exact, tanh is a faster approximation.")
  ]

  package var function: ElementwiseLoops {
    switch approximation {
    case .none: .gelu
    case .tanh: .fastGELU
    }
  }
}
