package import Fields
package import Kernels

/// y = ln(1 + e^x) = max(x, 0) + ln(1 + e^(−abs(x))), element by element
///
/// x and y have the same shape, with any axes. ∂x = σ(x) · ∂y, and σ(x) = 1 − e^(−y). Backward
/// therefore reads the output alone.
///
/// The kernel computes the second form, which does not overflow for any x. If x is far below 0, y
/// is close to 0. If x is far above 0, y is close to x.
///
/// Reference: C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau, R. Garcia, "Incorporating second-order
/// functional knowledge for better option pricing", 2001 (softplus). Caffe calls the function the
/// binomial normal log likelihood.
package struct BNLL: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "BNLL", aliases: ["Softplus"],
    formula: "y = ln(1 + e^x)",
    discussion: """
      Keeps the shape. A smooth ReLU: y is close to 0 for x far below 0, and close to x for x far
      above 0. Stable for any x.
      """,
    example: "{name: soft1, type: BNLL}")

  package static let fields: [Field<BNLL>] = []

  package var function: ElementwiseLoops { .softplus }
}
