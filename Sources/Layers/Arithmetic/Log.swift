package import Fields
package import Kernels

/// y = ln(shift + scale · x) / ln(base), element by element
///
/// ∂x = scale / (ln(base) · (shift + scale·x)) · ∂y.
package struct Log: ElementwiseLayer {
  var base = Exp.natural
  var scale = 1.0
  var shift = 0.0

  package init() {}

  package static let reference = Reference(
    "Log",
    formula: "y = ln(shift + scale · x) / ln(base)",
    discussion: """
      Keeps the shape. Base -1 stands for e, as in Caffe. shift + scale · x must be above 0: of 0 the logarithm
      is infinite, of a negative number NaN, and the training stops with a message.
      """,
    example: "{name: log1, type: Log, shift: 1e-6}")

  package static let fields: [Field<Log>] = [
    .optional("base", \.base, .base, "The base; -1 stands for e."),
    .optional("scale", \.scale, .within(-1e6...1e6), "Factor of the input."),
    .optional("shift", \.shift, .within(-1e6...1e6), "What is added to the scaled input."),
  ]

  package var inconsistency: String? {
    base == 1 ? "base: no number but 1 is a power of 1; expected another base" : nil
  }

  package var function: ElementwiseLoops {
    .logarithm(
      factor: Float(1 / naturalLogarithm(ofBase: base)), scale: Float(scale), shift: Float(shift))
  }
}
