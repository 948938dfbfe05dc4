package import DataFiles
package import Fields
internal import Functions
internal import Tensors

/// A circle inside a circle: ρ·(cos t, sin t) with t = 2π·i / n, each coordinate + noise·N(0, 1).
///
/// ρ is 1 for class 0 and `factor` for class 1.
///
/// - The data have two inputs `x1`, `x2`, and two classes of n points.
///
/// - `points_per_class` (100): n.
/// - `noise` (0.1): standard deviation of each coordinate.
/// - `factor` (0.5): radius of the inner circle.
///
/// The source corresponds to `make_circles` of scikit-learn.
///
///     data:
///       train: {source: circles, points_per_class: 100, factor: 0.5}
package struct Circles: ClassGenerator {
  package var pointsPerClass = 100
  package var noise = 0.1
  package var factor = 0.5

  package init() {}

  package static let reference = Reference(
    "circles",
    formula: "ρ·(cos t, sin t) + noise·N, t = 2π·i/n; class 0: ρ = 1, class 1: ρ = factor",
    discussion: """
      A circle inside a circle with n points each, like make_circles of scikit-learn. The data \
      have two inputs and two classes. Each coordinate has noise.
      """,
    example: "{source: circles, points_per_class: 100, noise: 0.05, factor: 0.5}")

  package static var fields: [Field<Circles>] {
    [
      .optional(
        "points_per_class", \.pointsPerClass, .within(GeneratedClasses.pointRange),
        "The number of points of each circle."),
      .optional(
        "noise", \.noise, .within(GeneratedClasses.noiseRange),
        "Standard deviation of each coordinate."),
      .optional(
        "factor", \.factor, .within(0..<1),
        "The radius of the inner circle. The outer circle has radius 1."),
    ]
  }

  var generated: GeneratedClasses {
    GeneratedClasses(classCount: 2, pointsPerClass: pointsPerClass)
  }

  package func load(_ context: DataContext) throws(DataFailure) -> Dataset {
    try generated.load(context, tops(context)) { label, index, example, random, point in
      let radius = label == 0 ? 1 : factor
      let angle = 2 * .pi * Double(index) / Double(pointsPerClass)
      point[0] = Float(radius * cosine(angle) + noise * random.normal(at: 2 * example))
      point[1] = Float(radius * sine(angle) + noise * random.normal(at: 2 * example + 1))
    }
  }
}
