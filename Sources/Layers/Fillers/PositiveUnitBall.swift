package import Fields
package import Tensors

/// w = u / Σ u along each row, u ~ U[0, 1)
///
/// A row holds all weights of one output, that is, of one index of the first axis. The weights of a
/// row are between 0 and 1 and sum to 1, as in Caffe.
package struct PositiveUnitBall: Filler {
  package init() {}

  package static let reference = Reference(
    "positive_unitball", formula: "w = u / Σ u along each row, u ~ U[0, 1)",
    discussion: """
      The weights of an output are between 0 and 1 and sum to 1.
      """,
    example: "{type: positive_unitball}")

  package static let fields: [Field<PositiveUnitBall>] = []

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    let rows = max(shape.axes.first ?? 1, 1)
    let width = shape.count / rows
    var values: [Float] = []
    values.reserveCapacity(shape.count)
    for row in 0..<rows where width > 0 {
      let numbers = (row * width..<(row + 1) * width).map { random.uniform(at: $0) }
      let sum = numbers.reduce(0, +)
      // If all numbers are 0, which can only happen in short rows, the weights are equal.
      values += numbers.map { Float(sum > 0 ? $0 / sum : 1 / Double(width)) }
    }
    return values
  }
}
