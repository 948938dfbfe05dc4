package import DataFiles
package import Fields

/// Multiplies all values of an image by a random factor.
///
/// y = f·x with f uniform in max(0, 1 − amount) … 1 + amount. Values are not clipped.
///
/// - `amount`: the greatest change of the factor.
package struct Brightness: ExampleTransform {
  var amount = 0.0

  package init() {}

  package static let reference = Reference(
    "brightness", formula: "y = f·x, f uniform in 1 − amount … 1 + amount",
    discussion: "Values are not clipped. Tests skip the transform.",
    example: "{type: brightness, amount: 0.2}")

  package static let fields: [Field<Brightness>] = [
    .required("amount", \.amount, .within(0...100), "The greatest change of the factor.")
  ]

  package var scope: TransformScope { .inputs }
  package var isForTraining: Bool { true }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard let draws else { return }
    let factor = Float(draws.factor(0, amount))
    values.withMutableValues { span in
      for index in span.indices { span[index] *= factor }
    }
  }
}
