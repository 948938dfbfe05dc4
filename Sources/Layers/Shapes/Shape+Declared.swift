internal import Fields
internal import Tensors

extension Constraint<[Int]> {
  /// The extents of one example, as a file states them.
  static var exampleShape: Constraint<[Int]> {
    .list(
      "the shape of one example: a list of 1 to 8 sizes from 1", of: .within(1...2_147_483_647),
      allows: { (1...8).contains($0.count) })
  }
}

extension Shape {
  /// Returns the shape of a batch of examples with a stated shape.
  ///
  /// - Parameters:
  ///   - example: the extents of one example.
  ///   - batch: a shape that begins with the number of examples.
  /// - Throws: ``ShapeFailure`` if the batch has too many values.
  static func batch(of example: [Int], like batch: Shape) throws(ShapeFailure) -> Shape {
    guard let shape = Shape(checking: [batch[0]] + example) else {
      let text = example.map(String.init).joined(separator: "x")
      throw ShapeFailure("\(batch[0]) examples of \(text) are too many values to count")
    }
    return shape
  }
}
