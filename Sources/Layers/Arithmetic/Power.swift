package import Fields
package import Kernels

/// y = (shift + scale · x)^power, element by element
///
/// ∂x = power · scale · (shift + scale·x)^(power − 1) · ∂y; 0 where the power is 0.
///
/// A power that is no whole number has no value where shift + scale·x is negative, and one below 1 no derivative
/// where it is 0: there the results are NaN and infinite, and the training stops with a message.
package struct Power: ElementwiseLayer {
  var power = 1.0
  var scale = 1.0
  var shift = 0.0

  package init() {}

  package static let reference = Reference(
    "Power",
    formula: "y = (shift + scale · x)^power",
    discussion: """
      Keeps the shape. Where the power is no whole number, shift + scale · x must not be negative. Powers 1
      and 2 cost a multiplication an element; others call the general function.
      """,
    example: "{name: square, type: Power, power: 2, scale: 0.5}")

  package static let fields: [Field<Power>] = [
    .optional("power", \.power, .within(-1e6...1e6), "The exponent."),
    .optional("scale", \.scale, .within(-1e6...1e6), "Factor of the input."),
    .optional("shift", \.shift, .within(-1e6...1e6), "What is added to the scaled input."),
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
