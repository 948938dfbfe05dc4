package import Fields
internal import Glibc
package import Kernels

/// y = base^(shift + scale · x), element by element
///
/// ∂x = ln(base) · scale · y · ∂y.
package struct Exp: ElementwiseLayer {
  var base = Exp.natural
  var scale = 1.0
  var shift = 0.0

  package init() {}

  /// As a base it means e.
  static let natural = -1.0

  package static let reference = Reference(
    "Exp",
    formula: "y = base^(shift + scale · x)",
    discussion: """
      Keeps the shape. Base -1 stands for e, as in Caffe. A value beyond the greatest float is infinite, and
      the training stops with a message.
      """,
    example: "{name: power_of_two, type: Exp, base: 2, scale: 0.5}")

  package static let fields: [Field<Exp>] = [
    .optional("base", \.base, .base, "The base; -1 stands for e."),
    .optional("scale", \.scale, .within(-1e6...1e6), "Factor of the input."),
    .optional("shift", \.shift, .within(-1e6...1e6), "What is added to the scaled input."),
  ]

  package var function: ElementwiseLoops {
    let logarithm = naturalLogarithm(ofBase: base)
    return .exponential(scale: Float(logarithm * scale), shift: Float(logarithm * shift))
  }
}

extension Constraint<Double> {
  /// The base of a power or logarithm.
  static var base: Constraint {
    Constraint("-1 (e), or a number from 1e-06 to 1000000") {
      $0 == Exp.natural || (1e-6...1e6).contains($0)
    }
  }
}

/// ln base, where −1 stands for e.
func naturalLogarithm(ofBase base: Double) -> Double { base == Exp.natural ? 1 : log(base) }
