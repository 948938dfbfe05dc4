package import Fields
package import Plans
package import Tensors

/// [N, …] → [N, shape…]
///
/// The layer states the shape of one example of its bottom. y holds the elements of x in the same
/// order, in the same memory. Therefore neither direction runs a kernel.
///
/// A bottom with another number of values is an error. Caffe's layer also states the size of the
/// batch and has no bottom; here the data provide the bottom.
package struct Input: Layer {
  /// The shape of one example.
  var extents: [Int] = []

  package init() {}

  package static let reference = Reference(
    "Input",
    formula: "[N, …] → [N, shape…]",
    discussion: """
      States the `shape` of one example of its bottom, usually the data. The bottom may have another
      shape with the same number of values. The layer refuses a different number. Caffe's layer has
      no bottom and also states the size of the batch; here the data provide both.
      """,
    example: "{name: image, type: Input, shape: [1, 2]}")

  package static let fields: [Field<Input>] = [
    .required("shape", \.extents, .exampleShape, "The shape of one example.")
  ]

  package var isView: Bool { true }

  /// - Throws: ``ShapeFailure`` if the bottom has another number of values for each example.
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
