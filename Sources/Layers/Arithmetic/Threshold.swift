package import Fields
package import Kernels

/// y = 1 where x > threshold, else 0
///
/// ∂x = 0: the function is flat wherever it has a derivative.
package struct Threshold: ElementwiseLayer {
  var threshold = 0.0

  package init() {}

  package static let reference = Reference(
    "Threshold",
    formula: "y = 1 where x > threshold, else 0",
    discussion: """
      Keeps the shape. It passes no gradient: what lies before it learns only by other ways to the loss.
      """,
    example: "{name: active, type: Threshold, threshold: 0.5}")

  package static let fields: [Field<Threshold>] = [
    .optional(
      "threshold", \.threshold, .within(-1e30...1e30), "What an input must exceed to count.")
  ]

  package var function: ElementwiseLoops {
    .step(above: Float(threshold))
  }
}
