package import DataFiles
package import Fields
internal import Functions
internal import Tensors

/// K interleaved spiral arms: x = (r·sin t, r·cos t) with r = i / (n − 1) and t = 2π/K·(c + 1.5·i /
/// (n − 1)) + noise·N(0, 1).
///
/// - Class c = 0 … K − 1 has the points i = 0 … n − 1. The two inputs `x1`, `x2` lie in the unit
///   disc.
///
/// - `points_per_class` (100): n.
/// - `class_count` (3): K.
/// - `noise` (0.1): standard deviation of the angle, in radians.
///
/// An arm runs from the centre to the rim and turns through one and a half of the K sectors.
/// Therefore no straight line separates two arms. The noise moves a point along its circle and does
/// not change its radius.
///
///     data:
///       train: {source: spiral, points_per_class: 100, class_count: 3, batch_size: 20}
package struct Spiral: ClassGenerator {
  package var pointsPerClass = 100
  package var classCount = 3
  package var noise = 0.1

  package init() {}

  package static let reference = Reference(
    "spiral",
    formula: "x = (r·sin t, r·cos t), r = i/(n−1), t = 2π/K·(c + 1.5·i/(n−1)) + noise·N(0, 1)",
    discussion: """
      K interleaved arms of n points. Each arm runs from the centre to the rim of the unit disc \
      through one and a half sectors. The data have two inputs and K classes. The angle has noise, \
      in radians.
      """,
    example: "{source: spiral, points_per_class: 100, class_count: 3, noise: 0.1, batch_size: 20}")

  package static var fields: [Field<Spiral>] {
    [
      .optional(
        "points_per_class", \.pointsPerClass, .within(GeneratedClasses.pointRange),
        "The number of points of each arm."),
      .optional(
        "class_count", \.classCount, .within(2...100), "The number of arms. Each is a class."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of the angle, in radians."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(classCount: classCount, pointsPerClass: pointsPerClass)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try generated.load(context, tops(context)) { label, index, example, random, point in
      let radius = Double(index) / Double(pointsPerClass - 1)
      let angle =
        2 * .pi / Double(classCount) * (Double(label) + 1.5 * radius)
        + noise * random.normal(at: example)
      point[0] = Float(radius * sine(angle))
      point[1] = Float(radius * cosine(angle))
    }
  }
}
