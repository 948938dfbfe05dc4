package import DataFiles
package import Fields

/// Mixes each pixel with its grey value.
///
/// y = f·x + (1 − f)·grey(x) with f uniform in max(0, 1 − amount) … 1 + amount, and grey(x) = 0.299·red
/// + 0.587·green + 0.114·blue. Values are not clipped.
///
/// - `amount`: the greatest change of the factor.
package struct Saturation: ExampleTransform {
  var amount = 0.0

  package init() {}

  package static let reference = Reference(
    "saturation", formula: "y = f·x + (1 − f)·grey(x), f uniform in 1 − amount … 1 + amount",
    discussion: "The images need three channels. Values are not clipped. Tests skip the transform.",
    example: "{type: saturation, amount: 0.2}")

  package static let fields: [Field<Saturation>] = [
    .required("amount", \.amount, .within(0...100), "The greatest change of the factor.")
  ]

  package var scope: TransformScope { .inputs }
  package var isForTraining: Bool { true }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    try top.checkColors()
    return top
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard let draws else { return }
    values.mixWithGrey(Float(draws.factor(0, amount)))
  }
}
