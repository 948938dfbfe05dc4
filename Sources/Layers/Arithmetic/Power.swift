package import Fields
package import Kernels

/// y = (shift + scale · x)^power, element by element
///
/// x and y have the same shape, with any axes. ∂x = power · scale · (shift + scale·x)^(power − 1) ·
/// ∂y, and 0 if the power is 0. Powers 0, 1 and 2 do not call the general power function.
///
/// If the power is not an integer, a negative base shift + scale·x gives NaN. If the power is below
/// 1, a base of 0 has an infinite derivative. In both cases the training stops with a message.
package struct Power: ElementwiseLayer {
  /// The exponent.
  var power = 1.0
  /// The factor of the input.
  var scale = 1.0
  /// The summand that is added to the scaled input.
  var shift = 0.0

  package init() {}

  package static let reference = Reference(
    "Power",
    formula: "y = (shift + scale · x)^power",
    discussion: """
      Keeps the shape. If the power is not an integer, shift + scale · x must not be negative.
      Powers 1 and 2 cost one multiplication for each element; others call the general function.
      """,
    example: "{name: square, type: Power, power: 2, scale: 0.5}")

  package static let fields: [Field<Power>] = [
    .optional("power", \.power, .within(-1e6...1e6), "The exponent."),
    .optional("scale", \.scale, .within(-1e6...1e6), "The factor of the input."),
    .optional(
      "shift", \.shift, .within(-1e6...1e6), "The summand that is added to the scaled input."),
  ]

  package var function: ElementwiseLoops {
    let (scale, shift) = (Float(scale), Float(shift))
    return switch power {
    case 0: .affine(scale: 0, shift: 1)
    case 1: .affine(scale: scale, shift: shift)
    case 2: .square(scale: scale, shift: shift)
    default: .power(Float(power), scale: scale, shift: shift)
    }
  }
}
