package import Fields
package import Kernels

/// y = abs(x), element by element
///
/// x and y have the same shape, with any axes. ∂x = sign(x) · ∂y. At 0 the derivative is 0, which
/// is the usual subgradient.
package struct AbsVal: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "AbsVal",
    formula: "y = abs(x)",
    discussion: """
      Keeps the shape. The derivative at 0 is 0.
      """,
    example: "{name: magnitude, type: AbsVal}")

  package static let fields: [Field<AbsVal>] = []

  package var function: ElementwiseLoops { .magnitude }
}
