package import Fields
package import Kernels
internal import YAML

/// y = min(max(x, min), max), element by element
///
/// x and y have the same shape, with any axes. ∂x = ∂y where min ≤ x ≤ max, and 0 elsewhere.
/// Backward reads the input.
///
/// `min` must not exceed `max`. If they are equal, y is constant.
package struct Clip: ElementwiseLayer {
  /// The lower bound, `min` in model files.
  var least = 0.0
  /// The upper bound, `max` in model files.
  var greatest = 0.0

  package init() {}

  package static let reference = Reference(
    "Clip",
    formula: "y = min(max(x, min), max)",
    discussion: """
      Keeps the shape. The gradient passes where min ≤ x ≤ max.
      """,
    example: "{name: clip1, type: Clip, min: -1, max: 1}")

  package static let fields: [Field<Clip>] = [
    .required("min", \.least, .within(-1e30...1e30), "The least value."),
    .required("max", \.greatest, .within(-1e30...1e30), "The greatest value."),
  ]

  package var inconsistency: String? {
    least <= greatest
      ? nil
      : "min \(least.encoded.scalar?.text ?? "") is above max \(greatest.encoded.scalar?.text ?? "")"
  }

  package var function: ElementwiseLoops {
    .clip(from: Float(least), to: Float(greatest))
  }
}
