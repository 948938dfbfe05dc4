package import DataFiles
package import Fields

/// Mixes an image with its mean grey value.
///
/// y = f·x + (1 − f)·m with f uniform in max(0, 1 − amount) … 1 + amount. m is the mean of
/// ``ExampleValues/luminance`` over all pixels. Values are not clipped.
///
/// - `amount`: the greatest change of the factor.
package struct Contrast: ExampleTransform {
  var amount = 0.0

  package init() {}

  package static let reference = Reference(
    "contrast", formula: "y = f·x + (1 − f)·mean grey, f uniform in 1 − amount … 1 + amount",
    discussion: """
      Grey is 0.299·red + 0.587·green + 0.114·blue for three channels, otherwise the mean of the \
      channels. Values are not clipped. Tests skip the transform.
      """,
    example: "{type: contrast, amount: 0.2}")

  package static let fields: [Field<Contrast>] = [
    .required("amount", \.amount, .within(0...100), "The greatest change of the factor.")
  ]

  package var scope: TransformScope { .inputs }
  package var isForTraining: Bool { true }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    _ = try top.image()
    return top
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard let draws else { return }
    let factor = draws.factor(0, amount)
    let rest = Float((1 - factor) * values.meanLuminance)
    values.withMutableValues { span in
      for index in span.indices { span[index] = Float(factor) * span[index] + rest }
    }
  }
}
