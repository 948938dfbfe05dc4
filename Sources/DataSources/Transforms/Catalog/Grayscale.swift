package import DataFiles
package import Fields

/// Replaces colours by their grey value: 0.299·red + 0.587·green + 0.114·blue.
///
/// - `channels` (1): 1 leaves one channel, and 3 gives three equal channels.
/// - `probability` (1): the share of grey examples. Below 1, it needs three channels, and tests skip
///   the transform.
package struct Grayscale: ExampleTransform {
  var channels = 1
  var probability = 1.0

  package init() {}

  package static let reference = Reference(
    "grayscale", formula: "y = 0.299·red + 0.587·green + 0.114·blue",
    discussion: "With a probability below 1 it is an augmentation, which tests skip.",
    example: "{type: grayscale}")

  package static let fields: [Field<Grayscale>] = [
    .optional(
      "channels", \.channels, Constraint("1 or 3") { $0 == 1 || $0 == 3 },
      "The channels of the result."),
    .optional("probability", \.probability, .within(0...1), "The share of grey examples."),
  ]

  package var inconsistency: String? {
    guard probability < 1, channels == 1 else { return nil }
    return "channels: expected 3 with a probability below 1, received 1"
  }

  package var scope: TransformScope { .inputs }
  package var isForTraining: Bool { probability < 1 }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    try top.checkColors()
    return top.image(channels: channels, try top.image().size)
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    if probability < 1 {
      guard let draws, draws.uniform(0) < probability else { return }
    }
    values.mixWithGrey(0)
    guard channels == 1 else { return }
    values.replace(channels: 1, height: values.height, width: values.width) { old, new in
      for index in new.indices { new[index] = old[index] }
    }
  }
}
