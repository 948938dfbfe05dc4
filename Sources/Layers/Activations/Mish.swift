package import Fields
package import Kernels

/// y = x · tanh(ln(1 + e^x)), element by element
///
/// x and y have the same shape, with any axes. The kernel computes one exponential e = eˣ. With w =
/// e·(e + 2), tanh(ln(1 + e)) = t = w / (w + 2). This form has no cancellation for small e.
///
/// ∂x = (t + 4·x·e·(e + 1) / (w + 2)²) · ∂y. Backward reads the input.
///
/// Reference: D. Misra, "Mish: a self regularized non-monotonic activation function", 2019.
package struct Mish: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "Mish",
    formula: "y = x · tanh(ln(1 + e^x))",
    discussion: "Keeps the shape. Stable for any x.",
    example: "{name: mish1, type: Mish}")

  package static let fields: [Field<Mish>] = []

  package var function: ElementwiseLoops { .mish }
}
