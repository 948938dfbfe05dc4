package import Tensors
package import YAML

/// w ~ N(mean, std²)
package struct Gaussian: Filler {
  var mean = 0.0
  var deviation = 1.0

  package init() {}

  package static let reference = Reference(
    "gaussian", formula: "w ~ N(mean, std²)",
    discussion: "Normal numbers of the given mean and standard deviation.",
    example: "{type: gaussian, std: 0.01}")

  package static let fields: [Field<Gaussian>] = [
    .optional("mean", \.mean, .within(-1e30...1e30), "The mean."),
    .optional("std", \.deviation, .within(0...1e30), "The standard deviation."),
  ]

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    (0..<shape.count).map { Float(mean + deviation * random.normal(at: $0)) }
  }
}
