package import DataFiles
package import Fields
internal import Tensors

/// The exclusive or, in four clouds: x = (±1, ±1) + noise·N(0, 1); class 1 where the signs differ.
///
/// - The data have two inputs `x1`, `x2`, and two classes of 2·n points. Each class has n points in
///   each of two opposite quadrants.
///
/// - `points_per_quadrant` (50): n.
/// - `noise` (0.2): standard deviation of each coordinate.
///
/// XOR is the smallest problem that no straight line solves (M. Minsky, S. Papert, "Perceptrons",
/// 1969). The quadrant of a point's cloud decides its class, even when the noise moves the point to
/// another quadrant.
///
///     data:
///       train: {source: xor, points_per_quadrant: 50, noise: 0.2}
package struct XOR: ClassGenerator {
  package var pointsPerQuadrant = 50
  package var noise = 0.2

  package init() {}

  package static let reference = Reference(
    "xor",
    formula: "x = (±1, ±1) + noise·N(0, 1); class 1 where the signs differ, else 0",
    discussion: """
      Four clouds of n points around (1, 1), (−1, −1), (1, −1) and (−1, 1). The data have two \
      inputs and two classes. Each coordinate has noise.
      """,
    example: "{source: xor, points_per_quadrant: 50, noise: 0.2}")

  package static var fields: [Field<XOR>] {
    [
      .optional(
        "points_per_quadrant", \.pointsPerQuadrant, .within(1...100_000),
        "The number of points of each of the four clouds."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of each coordinate."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(classCount: 2, pointsPerClass: 2 * pointsPerQuadrant)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try generated.load(context, tops(context)) { label, index, example, random, point in
      let x = index < pointsPerQuadrant ? 1.0 : -1.0
      let y = label == 0 ? x : -x
      point[0] = Float(x + noise * random.normal(at: 2 * example))
      point[1] = Float(y + noise * random.normal(at: 2 * example + 1))
    }
  }
}
