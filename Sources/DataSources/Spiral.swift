package import Fields
internal import Glibc
internal import Tensors
internal import YAML

/// K interleaved spiral arms: x = (r·sin t, r·cos t) with r = i / (n − 1) and
/// t = 2π/K·(c + 1.5·i / (n − 1)) + noise·N(0, 1).
///
/// - Class c = 0 … K − 1, point i = 0 … n − 1 of each; two inputs `x1`, `x2`, in the unit disc.
///
/// - `points_per_class` (100): n.
/// - `class_count` (3): K.
/// - `noise` (0.1): deviation of the angle, in radians.
///
/// An arm runs from the centre to the rim and turns through one and a half of the K sectors, so
/// that no straight line parts two arms. The noise moves a point along its circle, never off it.
///
///     data:
///       train: {source: spiral, points_per_class: 100, class_count: 3, batch_size: 20}
package struct Spiral: Generator {
  package var pointsPerClass = 100
  package var classCount = 3
  package var noise = 0.1

  package init() {}

  package static let reference = Reference(
    "spiral",
    formula: "x = (r·sin t, r·cos t), r = i/(n−1), t = 2π/K·(c + 1.5·i/(n−1)) + noise·N(0, 1)",
    discussion: """
      K interleaved arms of n points, from the centre to the rim of the unit disc, each through \
      one and a half sectors. Two inputs, K classes. The noise is on the angle, in radians.
      """,
    example: "{source: spiral, points_per_class: 100, class_count: 3, noise: 0.1, batch_size: 20}")

  package static var fields: [Field<Spiral>] {
    [
      .optional(
        "points_per_class", \.pointsPerClass, .within(GeneratedClasses.pointRange),
        "Points of each arm."),
      .optional("class_count", \.classCount, .within(2...100), "Arms, each a class."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of the angle, in radians."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(classCount: classCount, pointsPerClass: pointsPerClass)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try generated.load(context) { label, index, example, random, point in
      let radius = Double(index) / Double(pointsPerClass - 1)
      let angle =
        2 * .pi / Double(classCount) * (Double(label) + 1.5 * radius)
        + noise * random.normal(at: example)
      point[0] = Float(radius * sin(angle))
      point[1] = Float(radius * cos(angle))
    }
  }
}
