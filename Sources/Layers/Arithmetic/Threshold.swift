package import Fields
package import Kernels

/// y = 1 where x > threshold, else 0
///
/// x and y have the same shape, with any axes. ∂x = 0, because the function is constant on both
/// sides of the threshold. Layers before it learn only through other paths to the loss.
package struct Threshold: ElementwiseLayer {
  /// The greatest input that still gives 0.
  var threshold = 0.0

  package init() {}

  package static let reference = Reference(
    "Threshold",
    formula: "y = 1 where x > threshold, else 0",
    discussion: """
      Keeps the shape. It passes no gradient: layers before it learn only through other paths to the
      loss.
      """,
    example: "{name: active, type: Threshold, threshold: 0.5}")

  package static let fields: [Field<Threshold>] = [
    .optional(
      "threshold", \.threshold, .within(-1e30...1e30),
      "The value that an input must exceed to give 1.")
  ]

  package var function: ElementwiseLoops {
    .step(above: Float(threshold))
  }
}
