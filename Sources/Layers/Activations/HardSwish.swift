package import Fields
package import Kernels

/// y = x · min(max(x + 3, 0), 6) / 6, element by element
///
/// x and y have the same shape, with any axes. ∂x = 0 where x < −3, ∂y where x > 3, and (x/3 + ½) ·
/// ∂y between. At −3 and 3 the derivative is that of the parabola between them.
///
/// The function approximates ``Swish`` without an exponential. Backward reads the input, because
/// two inputs can give the same negative output.
///
/// Reference: A. Howard et al., "Searching for MobileNetV3", 2019.
package struct HardSwish: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "HardSwish",
    formula: "y = x · min(max(x + 3, 0), 6) / 6",
    discussion: "Keeps the shape. At -3 and 3 the derivative is that of the parabola between them.",
    example: "{name: swish1, type: HardSwish}")

  package static let fields: [Field<HardSwish>] = []

  package var function: ElementwiseLoops { .hardSwish }
}
