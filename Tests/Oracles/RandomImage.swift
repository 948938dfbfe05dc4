package import Kernels
package import Tensors

/// A random image in a random layout. The layout's own rule decides which number, such as a scale,
/// belongs to an element.
package struct RandomImage {
  package let shape: Shape
  package let layout: TensorLayout
  package let isOfExample: Bool

  package init(_ numbers: inout SeededNumbers) {
    let fillsVectors = Bool.random(using: &numbers)
    let channels =
      fillsVectors
      ? 16 * Int.random(in: 1...2, using: &numbers)
      : Int.random(in: 1...19, using: &numbers)
    let positions = Bool.random(using: &numbers) ? 1 : Int.random(in: 1...21, using: &numbers)
    shape = Shape([Int.random(in: 1...4, using: &numbers), channels, positions])
    layout = Bool.random(using: &numbers) ? .plain : .channelsLast
    isOfExample = Bool.random(using: &numbers)
  }

  package var extent: ChannelExtent {
    ChannelExtent(layout.runs(shape, examples: shape[0]), isOfExample: isOfExample)
  }

  package var numberCount: Int { isOfExample ? shape[0] * shape[1] : shape[1] }

  /// For each element in memory, the index of the number that belongs to it.
  package var numbers: [Int] {
    var result = [Int](repeating: 0, count: shape.count)
    for index in 0..<shape.count {
      let row = index / shape[2]
      result[layout.place(of: index, in: shape)] = isOfExample ? row : row % shape[1]
    }
    return result
  }
}
