package import Fields
internal import Functions
package import Kernels

/// y = base^(shift + scale · x), element by element
///
/// x and y have the same shape, with any axes. ∂x = ln(base) · scale · y · ∂y, so that backward
/// reads the output alone.
///
/// A value beyond the greatest float32 becomes infinite. The training then stops with a message.
package struct Exp: ElementwiseLayer {
  /// The base, above 0. ``natural`` stands for e.
  var base = Exp.natural
  /// The factor of the input.
  var scale = 1.0
  /// The summand that is added to the scaled input.
  var shift = 0.0

  package init() {}

  /// The number that stands for the base e in model files, as in Caffe.
  static let natural = -1.0

  package static let reference = Reference(
    "Exp",
    formula: "y = base^(shift + scale · x)",
    discussion: """
      Keeps the shape. Base -1 stands for e, as in Caffe. A value beyond the greatest float is
      infinite, and the training stops with a message.
      """,
    example: "{name: power_of_two, type: Exp, base: 2, scale: 0.5}")

  package static let fields: [Field<Exp>] = [
    .optional("base", \.base, .base, "The base; -1 stands for e."),
    .optional("scale", \.scale, .within(-1e6...1e6), "The factor of the input."),
    .optional(
      "shift", \.shift, .within(-1e6...1e6), "The summand that is added to the scaled input."),
  ]

  package var function: ElementwiseLoops {
    let logarithm = naturalLogarithm(ofBase: base)
    return .exponential(scale: Float(logarithm * scale), shift: Float(logarithm * shift))
  }
}

extension Constraint<Double> {
  /// The range of the base of a power or logarithm, or −1 for e.
  static var base: Constraint {
    Constraint("-1 (e), or a number from 1e-06 to 1000000") {
      $0 == Exp.natural || (1e-6...1e6).contains($0)
    }
  }
}

/// Returns ln base. A base of −1 stands for e.
func naturalLogarithm(ofBase base: Double) -> Double { base == Exp.natural ? 1 : logarithm(base) }
