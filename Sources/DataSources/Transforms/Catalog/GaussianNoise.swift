package import DataFiles
package import Fields

/// Adds normal noise: y = x + std·N(0, 1).
///
/// - `std`: the standard deviation of the noise.
package struct GaussianNoise: ExampleTransform {
  var deviation = 0.0

  package init() {}

  package static let reference = Reference(
    "gaussian_noise", formula: "y = x + std·N(0, 1)",
    discussion: "Each value has noise of its own. Tests skip it.",
    example: "{type: gaussian_noise, std: 0.1}")

  package static let fields: [Field<GaussianNoise>] = [
    .required("std", \.deviation, .within(0...1e30), "The standard deviation of the noise.")
  ]

  package var scope: TransformScope { .inputs }
  package var isForTraining: Bool { true }

  package func result(of top: DataTop) -> DataTop { top.withoutCategories }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard let draws else { return }
    values.withMutableValues { span in
      for index in span.indices {
        span[index] = Float(Double(span[index]) + deviation * draws.normal(index))
      }
    }
  }
}
