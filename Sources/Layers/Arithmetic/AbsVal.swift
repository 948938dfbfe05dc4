package import Fields
package import Kernels

/// y = abs(x), element by element
///
/// ∂x = sign(x) · ∂y; 0 at 0.
package struct AbsVal: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "AbsVal",
    formula: "y = abs(x)",
    discussion: "Keeps the shape. The derivative at 0 is taken to be 0.",
    example: "{name: magnitude, type: AbsVal}")

  package static let fields: [Field<AbsVal>] = []

  package var function: ElementwiseLoops { .magnitude }
}
