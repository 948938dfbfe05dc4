package import DataFiles
package import Fields
internal import Functions
internal import Tensors

/// Two interleaved half circles: class 0 at (cos t, sin t), class 1 at (1 − cos t, ½ − sin t), each
/// coordinate + noise·N(0, 1).
///
/// t = π·i / (n − 1) for point i.
///
/// - The data have two inputs `x1`, `x2`, and two classes of n points.
///
/// - `points_per_class` (100): n.
/// - `noise` (0.1): standard deviation of each coordinate.
///
/// The source corresponds to `make_moons` of scikit-learn.
///
///     data:
///       train: {source: moons, points_per_class: 100, noise: 0.1}
package struct Moons: ClassGenerator {
  package var pointsPerClass = 100
  package var noise = 0.1

  package init() {}

  package static let reference = Reference(
    "moons",
    formula: "class 0: (cos t, sin t), class 1: (1 − cos t, ½ − sin t), t = π·i/(n−1), + noise·N",
    discussion: """
      Two interleaved half circles of n points each, like make_moons of scikit-learn. The data \
      have two inputs and two classes. Each coordinate has noise.
      """,
    example: "{source: moons, points_per_class: 100, noise: 0.1}")

  package static var fields: [Field<Moons>] {
    [
      .optional(
        "points_per_class", \.pointsPerClass, .within(GeneratedClasses.pointRange),
        "The number of points of each half circle."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of each coordinate."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(classCount: 2, pointsPerClass: pointsPerClass)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try generated.load(context, tops(context)) { label, index, example, random, point in
      let angle = .pi * Double(index) / Double(pointsPerClass - 1)
      let (x, y) =
        label == 0 ? (cosine(angle), sine(angle)) : (1 - cosine(angle), 0.5 - sine(angle))
      point[0] = Float(x + noise * random.normal(at: 2 * example))
      point[1] = Float(y + noise * random.normal(at: 2 * example + 1))
    }
  }
}
