package import Fields
package import Tensors

/// w ~ U[min, max)
///
/// `min` must not exceed `max`. If they are equal, all values are the same.
///
/// The variance is (max − min)²/12. The fillers ``Xavier``, ``MSRA`` and ``LeCun`` derive it from
/// the shape of the parameter.
package struct Uniform: Filler {
  /// The lower bound, `min` in model files.
  var least = 0.0
  /// The upper bound, `max` in model files.
  var greatest = 1.0

  package init() {}

  package static let reference = Reference(
    "uniform", formula: "w ~ U[min, max)",
    discussion: "Uniform numbers from min to max.",
    example: "{type: uniform, min: -0.1, max: 0.1}")

  package static let fields: [Field<Uniform>] = [
    .optional("min", \.least, .within(-1e30...1e30), "The least value."),
    .optional("max", \.greatest, .within(-1e30...1e30), "The greatest value."),
  ]

  package var inconsistency: String? {
    least <= greatest ? nil : "min \(least) is above max \(greatest)"
  }

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    (0..<shape.count).map { Float(least + (greatest - least) * random.uniform(at: $0)) }
  }
}
