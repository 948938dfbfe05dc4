package import DataFiles
package import Fields

/// Rotates images about their middle by a random angle.
///
/// - `degrees`: the greatest angle. The angle is uniform in −degrees … degrees.
/// - `fill` (0): the value of pixels from outside the image.
///
/// Values are interpolated bilinearly between the four nearest pixels. Classes take the nearest pixel.
package struct Rotate: ExampleTransform {
  var degrees = 0.0
  var fill = 0.0

  package init() {}

  package static let reference = Reference(
    "rotate", formula: "y = image, rotated by a uniform angle in −degrees … degrees",
    discussion: "The result has the same size. Tests skip the rotation.",
    example: "{type: rotate, degrees: 10}")

  package static let fields: [Field<Rotate>] = [
    .required("degrees", \.degrees, .within(0...180), "The greatest angle."),
    .optional(
      "fill", \.fill, .within(-1e30...1e30), "The value of pixels from outside the image."),
  ]

  package var scope: TransformScope { .pixels }
  package var isForTraining: Bool { true }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    _ = try top.image()
    return top
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard let draws else { return }
    let map = AffineMap(turns: draws.uniform(0, in: -degrees...degrees) / 360)
    values.warp(by: map, kind, fill: fill)
  }
}
