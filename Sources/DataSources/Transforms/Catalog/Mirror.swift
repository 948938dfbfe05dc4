package import DataFiles
package import Fields

/// Mirrors images with a probability.
///
/// - `probability` (0.5): the share of mirrored examples.
/// - `direction` (horizontal): `horizontal` exchanges left and right, `vertical` top and bottom.
package struct Mirror: ExampleTransform {
  /// The direction in which pixels change their places.
  package enum Direction: String, FieldChoice {
    case horizontal, vertical
  }

  var probability = 0.5
  var direction = Direction.horizontal

  package init() {}

  package static let reference = Reference(
    "mirror", formula: "y[…, x] = image[…, width − 1 − x], with a probability",
    discussion: "Tests skip it.", example: "{type: mirror}")

  package static let fields: [Field<Mirror>] = [
    .optional("probability", \.probability, .within(0...1), "The share of mirrored examples."),
    .optional(
      "direction", \.direction,
      "Exchanges left and right (horizontal), or top and bottom (vertical)."),
  ]

  package var scope: TransformScope { .pixels }
  package var isForTraining: Bool { true }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    _ = try top.image()
    return top
  }

  /// Whether an example is mirrored.
  func mirrors(_ draws: TransformDraws?) -> Bool {
    draws.map { $0.uniform(0) < probability } ?? false
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard mirrors(draws) else { return }
    let (planes, height, width) = (values.channels, values.height, values.width)
    let isHorizontal = direction == .horizontal
    values.withMutableValues { span in
      for plane in 0..<planes {
        for row in 0..<(isHorizontal ? height : height / 2) {
          let start = (plane * height + row) * width
          let end = (plane * height + height - row) * width
          for column in 0..<(isHorizontal ? width / 2 : width) {
            span.swapAt(
              start + column,
              isHorizontal ? start + width - 1 - column : end - width + column)
          }
        }
      }
    }
  }
}
