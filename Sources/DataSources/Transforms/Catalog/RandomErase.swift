package import DataFiles
package import Fields
internal import Functions

/// Overwrites a random box of an image.
///
/// The area of the box is uniform in `area`, as a share of the image. The logarithm of height / width is
/// uniform in that of `ratio`. If ten boxes in a row do not fit, the image stays as it is.
///
/// - `probability` (0.5): the share of examples with a box.
/// - `area` ([0.02, 0.33]): the least and the greatest area.
/// - `ratio` ([0.3, 3.3]): the least and the greatest ratio of height to width.
/// - `fill` (0): the value in the box.
///
/// Reference: Z. Zhong, L. Zheng, G. Kang, S. Li, Y. Yang, "Random erasing data augmentation", 2020.
package struct RandomErase: ExampleTransform {
  var probability = 0.5
  var area = [0.02, 0.33]
  var ratio = [0.3, 3.3]
  var fill = 0.0

  package init() {}

  package static let reference = Reference(
    "random_erase", formula: "y = image with a random box of one value, with a probability",
    discussion: "Tests skip it.", example: "{type: random_erase, probability: 0.25}")

  package static let fields: [Field<RandomErase>] = [
    .optional("probability", \.probability, .within(0...1), "The share of examples with a box."),
    .optional(
      "area", \.area, ascending(0.0001...1), "The least and the greatest share of the image."),
    .optional(
      "ratio", \.ratio, ascending(0.01...100), "The least and the greatest height / width."),
    .optional("fill", \.fill, .within(-1e30...1e30), "The value in the box."),
  ]

  private static func ascending(_ range: ClosedRange<Double>) -> Constraint<[Double]> {
    .list(
      "two ascending numbers from \(range.lowerBound) to \(range.upperBound)", of: .within(range),
      allows: { $0.count == 2 && $0[0] <= $0[1] })
  }

  package var scope: TransformScope { .inputs }
  package var isForTraining: Bool { true }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    _ = try top.image()
    return top
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard let draws, draws.uniform(0) < probability, let box = box(in: values.size, draws) else {
      return
    }
    let (planes, size, fill) = (values.channels, values.size, Float(fill))
    values.withMutableValues { span in
      for plane in 0..<planes {
        for row in box.rows {
          let start = (plane * size.height + row) * size.width
          for column in box.columns { span[start + column] = fill }
        }
      }
    }
  }

  private func box(in image: PixelSize, _ draws: TransformDraws) -> PixelBox? {
    for attempt in 0..<10 {
      let first = 1 + 4 * attempt
      let pixels = draws.uniform(first, in: area[0]...area[1]) * Double(image.count)
      let ratio = exponential(
        draws.uniform(first + 1, in: logarithm(ratio[0])...logarithm(ratio[1])))
      let (height, width) = ((pixels * ratio).squareRoot(), (pixels / ratio).squareRoot())
      guard height.rounded() <= Double(image.height), width.rounded() <= Double(image.width) else {
        continue
      }
      let size = PixelSize(
        height: max(1, Int(height.rounded())), width: max(1, Int(width.rounded())))
      return PixelBox(
        top: draws.integer(first + 2, upTo: image.height - size.height),
        left: draws.integer(first + 3, upTo: image.width - size.width), size: size)
    }
    return nil
  }
}
