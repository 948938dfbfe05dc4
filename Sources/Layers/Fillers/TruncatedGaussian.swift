package import Fields
package import Tensors

/// w ~ N(mean, std²) within mean ± 2·std
///
/// Numbers beyond are drawn again. The deviation of what is left is 0.8796·std.
package struct TruncatedGaussian: Filler {
  var mean = 0.0
  var deviation = 1.0

  package init() {}

  package static let reference = Reference(
    "truncated_gaussian", formula: "w ~ N(mean, std²) within mean ± 2·std",
    discussion: """
      Normal numbers of which none is further than two standard deviations from the mean, as PyTorch's trunc_normal_
      for a std of 1. Their own deviation is 0.88·std.
      """,
    example: "{type: truncated_gaussian, std: 0.02}")

  package static let fields: [Field<TruncatedGaussian>] = [
    .optional("mean", \.mean, .within(-1e30...1e30), "The mean."),
    .optional(
      "std", \.deviation, .within(0...1e30), "The standard deviation before it is truncated."),
  ]

  /// Draws kept for each value; that all are beyond has a chance of 10⁻⁴³.
  private static let drawCount = 32

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    (0..<shape.count).map { index in
      var number = 0.0
      for draw in 0..<TruncatedGaussian.drawCount {
        number = random.normal(at: index &* TruncatedGaussian.drawCount &+ draw)
        if abs(number) <= 2 { break }
      }
      return Float(mean + deviation * min(max(number, -2), 2))
    }
  }
}
