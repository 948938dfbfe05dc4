package import Fields
package import Kernels

/// y = x · tanh(ln(1 + e^x)), element by element
///
/// With e = eˣ and w = e·(e + 2): tanh(ln(1 + e)) = t = w / (w + 2), and
/// ∂x = (t + 4·x·e·(e + 1) / (w + 2)²) · ∂y. One exponential, and no cancellation for small e.
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
