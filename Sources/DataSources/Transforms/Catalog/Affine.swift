package import DataFiles
package import Fields

/// Rotates, shears, scales and moves images at random.
///
/// Each number is uniform in its range. A point p goes to scale·R·S·(p − middle) + middle +
/// translation, with the rotation R and the horizontal shear S.
///
/// - `degrees` (0): the greatest angle of the rotation.
/// - `shear` (0): the greatest angle of the shear, in degrees.
/// - `scale` ([1, 1]): the least and the greatest factor of the size.
/// - `translate` (0): the greatest movement along each axis, as a share of its side.
/// - `fill` (0): the value of pixels from outside the image.
///
/// Values are interpolated bilinearly between the four nearest pixels. Classes take the nearest pixel.
package struct Affine: ExampleTransform {
  var degrees = 0.0
  var shear = 0.0
  var scale = [1.0, 1.0]
  var translate = 0.0
  var fill = 0.0

  package init() {}

  package static let reference = Reference(
    "affine", formula: "y = image, rotated, sheared, scaled and moved at random",
    discussion: "The result has the same size. Tests skip the transform.",
    example: "{type: affine, degrees: 10, scale: [0.9, 1.1], translate: 0.1}")

  package static let fields: [Field<Affine>] = [
    .optional("degrees", \.degrees, .within(0...180), "The greatest angle of the rotation."),
    .optional("shear", \.shear, .within(0...80), "The greatest angle of the shear, in degrees."),
    .optional("scale", \.scale, factors, "The least and the greatest factor of the size."),
    .optional(
      "translate", \.translate, .within(0...1),
      "The greatest movement along each axis, as a share of its side."),
    .optional(
      "fill", \.fill, .within(-1e30...1e30), "The value of pixels from outside the image."),
  ]

  private static var factors: Constraint<[Double]> {
    .list(
      "two ascending numbers from 0.01 to 100", of: .within(0.01...100),
      allows: { $0.count == 2 && $0[0] <= $0[1] })
  }

  package var scope: TransformScope { .pixels }
  package var isForTraining: Bool { true }

  package func result(of top: DataTop) throws(TransformMistake) -> DataTop {
    _ = try top.image()
    return top
  }

  package func apply(_ values: inout ExampleValues, _ kind: ValueKind, _ draws: TransformDraws?) {
    guard let draws, let least = scale.first, let greatest = scale.last else { return }
    let (sine, cosine) = Turns.sineAndCosine(draws.uniform(1, in: -shear...shear) / 360)
    let map = AffineMap(
      turns: draws.uniform(0, in: -degrees...degrees) / 360, shear: sine / cosine,
      scale: draws.uniform(2, in: least...greatest),
      right: draws.uniform(3, in: -translate...translate) * Double(values.width),
      down: draws.uniform(4, in: -translate...translate) * Double(values.height))
    values.warp(by: map, kind, fill: fill)
  }
}
