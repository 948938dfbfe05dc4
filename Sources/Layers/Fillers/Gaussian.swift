package import Fields
package import Tensors

/// w ~ N(mean, std²)
///
/// With `sparse`, each weight is random with the probability sparse / out, and 0 otherwise. out is
/// the extent of the first axis. On average an input therefore has `sparse` weights that are not 0,
/// as in Caffe.
///
/// The nonzero weights do not depend on `sparse`: a weight has the same value with and without it.
package struct Gaussian: Filler {
  /// The mean.
  var mean = 0.0
  /// The standard deviation.
  var deviation = 1.0
  /// The mean number of nonzero weights of an input. Nil if all weights are random.
  var sparse: Int?

  package init() {}

  package static let reference = Reference(
    "gaussian", formula: "w ~ N(mean, std²)",
    discussion: """
      Normal numbers with the given mean and standard deviation.
      """,
    example: "{type: gaussian, std: 0.01}")

  package static let fields: [Field<Gaussian>] = [
    .optional("mean", \.mean, .within(-1e30...1e30), "The mean."),
    .optional("std", \.deviation, .within(0...1e30), "The standard deviation."),
    .optional(
      "sparse", \.sparse, .given(.within(1...2_147_483_647)),
      "The mean number of nonzero weights of an input. Default: all."),
  ]

  /// `sparse` must not exceed the number of outputs.
  package func mistake(for shape: Shape) -> String? {
    guard let sparse, let outputs = shape.axes.first, sparse > outputs else { return nil }
    return "sparse: expected at most the \(outputs) outputs, received \(sparse)"
  }

  /// Returns one normal number for each element, or 0 where `sparse` removes it.
  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    let share = sparse.map { Double($0) / Double(max(shape.axes.first ?? 1, 1)) }
    return (0..<shape.count).map { index in
      // This index is far from the indices of the values, so that the numbers are independent.
      if let share, random.uniform(at: 1 << 60 | index) >= share { return 0 }
      return Float(mean + deviation * random.normal(at: index))
    }
  }
}
