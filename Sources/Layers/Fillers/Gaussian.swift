package import Fields
package import Tensors

/// w ~ N(mean, std²)
///
/// With `sparse` each weight is 0 but for a chance of sparse / out, out being the first axis: of all outputs that an
/// input feeds so many are left, on average; as in Caffe.
package struct Gaussian: Filler {
  var mean = 0.0
  var deviation = 1.0
  var sparse: Int?

  package init() {}

  package static let reference = Reference(
    "gaussian", formula: "w ~ N(mean, std²)",
    discussion: "Normal numbers of the given mean and standard deviation.",
    example: "{type: gaussian, std: 0.01}")

  package static let fields: [Field<Gaussian>] = [
    .optional("mean", \.mean, .within(-1e30...1e30), "The mean."),
    .optional("std", \.deviation, .within(0...1e30), "The standard deviation."),
    .optional(
      "sparse", \.sparse, .given(.within(1...2_147_483_647)),
      "How many weights of an input are not 0, on average. Default: all."),
  ]

  package func mistake(for shape: Shape) -> String? {
    guard let sparse, let outputs = shape.axes.first, sparse > outputs else { return nil }
    return "sparse: expected at most the \(outputs) outputs, received \(sparse)"
  }

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    let share = sparse.map { Double($0) / Double(max(shape.axes.first ?? 1, 1)) }
    return (0..<shape.count).map { index in
      // Far from the numbers that the values are made of.
      if let share, random.uniform(at: 1 << 60 | index) >= share { return 0 }
      return Float(mean + deviation * random.normal(at: index))
    }
  }
}
