package import DataFiles
package import Fields
internal import Tensors

/// Normal clouds: x = centre(c) + deviation·N(0, 1), each centre uniform in [−10, 10)ᵈ.
///
/// - The data have d inputs `x1` … `xd` and K classes of n points.
///
/// - `points_per_class` (100): n.
/// - `class_count` (3): K.
/// - `features` (2): d.
/// - `deviation` (1): standard deviation of each coordinate.
///
/// The centres depend on the seed alone, so that train and test share them. Each phase draws its
/// own points. The source corresponds to `make_blobs` of scikit-learn.
///
///     data:
///       train: {source: blobs, points_per_class: 50, class_count: 4, features: 8}
package struct Blobs: ClassGenerator {
  package var pointsPerClass = 100
  package var classCount = 3
  package var features = 2
  package var deviation = 1.0

  package init() {}

  package static let reference = Reference(
    "blobs",
    formula: "x = centre(c) + deviation·N(0, 1), centre(c) uniform in [−10, 10)ᵈ",
    discussion: """
      K normal clouds of n points in d dimensions, like make_blobs of scikit-learn. The centres \
      depend on the seed alone, so that train and test share them.
      """,
    example: "{source: blobs, points_per_class: 50, class_count: 4, features: 8, deviation: 1}")

  package static var fields: [Field<Blobs>] {
    [
      .optional(
        "points_per_class", \.pointsPerClass, .within(GeneratedClasses.pointRange),
        "The number of points of each cloud."),
      .optional(
        "class_count", \.classCount, .within(2...100), "The number of clouds. Each is a class."),
      .optional("features", \.features, .within(1...1000), "The number of inputs of an example."),
      .optional(
        "deviation", \.deviation, .within(GeneratedClasses.noiseRange),
        "Standard deviation of each coordinate."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(
      classCount: classCount, pointsPerClass: pointsPerClass, inputShape: Shape([features]))
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    let structure = RandomStream(seed: context.seed, purpose: .generation(phase: "structure"))
    let centres = (0..<classCount * features).map { 20 * structure.uniform(at: $0) - 10 }
    return try generated.load(context, tops(context)) { label, _, example, random, point in
      for axis in 0..<features {
        point[axis] = Float(
          centres[label * features + axis]
            + deviation * random.normal(at: example * features + axis))
      }
    }
  }
}
