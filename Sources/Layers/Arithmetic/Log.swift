package import Fields
package import Kernels

/// y = ln(shift + scale · x) / ln(base), element by element
///
/// x and y have the same shape, with any axes. ∂x = scale / (ln(base) · (shift + scale·x)) · ∂y.
/// Backward reads the input.
///
/// The logarithm of 0 is −∞, and that of a negative number is NaN. In both cases the training stops
/// with a message. A base of 1 is an error, because ln 1 = 0.
package struct Log: ElementwiseLayer {
  /// The base, above 0 and not 1. ``Exp/natural`` stands for e.
  var base = Exp.natural
  /// The factor of the input.
  var scale = 1.0
  /// The summand that is added to the scaled input.
  var shift = 0.0

  package init() {}

  package static let reference = Reference(
    "Log",
    formula: "y = ln(shift + scale · x) / ln(base)",
    discussion: """
      Keeps the shape. Base -1 stands for e, as in Caffe. shift + scale · x must be above 0: the
      logarithm of 0 is infinite, and that of a negative number is NaN. In both cases the training
      stops with a message.
      """,
    example: "{name: log1, type: Log, shift: 1e-6}")

  package static let fields: [Field<Log>] = [
    .optional("base", \.base, .base, "The base; -1 stands for e."),
    .optional("scale", \.scale, .within(-1e6...1e6), "The factor of the input."),
    .optional(
      "shift", \.shift, .within(-1e6...1e6), "The summand that is added to the scaled input."),
  ]

  package var inconsistency: String? {
    base == 1 ? "base: expected a base other than 1, because all powers of 1 are 1" : nil
  }

  package var function: ElementwiseLoops {
    .logarithm(
      factor: Float(1 / naturalLogarithm(ofBase: base)), scale: Float(scale), shift: Float(shift))
  }
}
