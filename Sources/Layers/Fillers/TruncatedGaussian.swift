package import Fields
package import Tensors

/// w ~ N(mean, std²) within mean ± 2·std
///
/// The filler draws numbers beyond these bounds again. The standard deviation of the result is
/// 0.8796·std. PyTorch's `trunc_normal_` is the same for a std of 1, where its bounds are ±2.
package struct TruncatedGaussian: Filler {
  /// The mean.
  var mean = 0.0
  /// The standard deviation before the truncation.
  var deviation = 1.0

  package init() {}

  package static let reference = Reference(
    "truncated_gaussian", formula: "w ~ N(mean, std²) within mean ± 2·std",
    discussion: """
      Normal numbers that differ from the mean by at most two standard deviations, like PyTorch's
      trunc_normal_ with a std of 1. Their own deviation is 0.88·std.
      """,
    example: "{type: truncated_gaussian, std: 0.02}")

  package static let fields: [Field<TruncatedGaussian>] = [
    .optional("mean", \.mean, .within(-1e30...1e30), "The mean."),
    .optional(
      "std", \.deviation, .within(0...1e30), "The standard deviation before the truncation."),
  ]

  /// The number of draws reserved for each value. All of them fail with a probability of 10⁻⁴³.
  private static let drawCount = 32

  /// Returns the first of the reserved draws within the bounds, or the nearest bound if none is.
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
