package import Fields
package import Kernels

/// y = ln(1 + e^x) = max(x, 0) + ln(1 + e^(−abs(x))), element by element
///
/// ∂x = σ(x) · ∂y, and σ(x) = 1 − e^(−y): backward needs the output alone. The second form overflows nowhere.
///
/// Reference: C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau, R. Garcia, "Incorporating second-order functional knowledge
/// for better option pricing", 2001 (softplus); Caffe calls it the binomial normal log likelihood.
package struct BNLL: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "BNLL", aliases: ["Softplus"],
    formula: "y = ln(1 + e^x)",
    discussion: """
      Keeps the shape. A smooth ReLU: near 0 far below 0, near x far above. Stable for any x.
      """,
    example: "{name: soft1, type: BNLL}")

  package static let fields: [Field<BNLL>] = []

  package var function: ElementwiseLoops { .softplus }
}
