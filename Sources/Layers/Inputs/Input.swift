package import Fields
package import Plans
package import Tensors

/// [N, …] → [N, shape…]
///
/// y = x, whose examples have a stated shape
///
/// [N, …] becomes [N, shape…]: the same elements and memory.
package struct Input: Layer {
  var extents: [Int] = []

  package init() {}

  package static let reference = Reference(
    "Input",
    formula: "[N, …] → [N, shape…]",
    discussion: """
      States the `shape` that one example of its bottom has, usually the data: another number of values is refused, the same
      number is read in this shape. Caffe's states the batch too, and has no bottom: here the data are there already.
      """,
    example: "{name: image, type: Input, shape: [1, 2]}")

  package static let fields: [Field<Input>] = [
    .required("shape", \.extents, .exampleShape, "The shape of one example.")
  ]

  package var isView: Bool { true }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let shape = try Shape.batch(of: extents, like: inputs[0])
    guard shape.example.count == inputs[0].example.count else {
      throw ShapeFailure(
        "expected examples of \(shape.example.description), \(shape.example.count) values")
    }
    return [shape]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {}
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {}
}
