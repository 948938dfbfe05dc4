package import Fields
package import Plans
package import Tensors

/// [N, a, b, c] → [N, a·b·c]
///
/// The axes from `axis` to `end_axis` become one axis. y holds the elements of x in the same order,
/// in the same memory. Therefore neither direction runs a kernel.
///
/// The axis of the examples cannot be joined with others.
package struct Flatten: Layer {
  /// The first joined axis, at least 1; a negative number counts from the end.
  var axis = 1
  /// The last joined axis; a negative number counts from the end.
  var endAxis = -1

  package init() {}

  package static let reference = Reference(
    "Flatten",
    formula: "[N, a, b, c] → [N, a·b·c]",
    discussion: """
      The axes from `axis` to `end_axis` become one axis. The first axis counts the examples and
      cannot be joined with others. The layer costs nothing: the output is the input's memory.
      """,
    example: "{name: flat, type: Flatten}")

  package static let fields: [Field<Flatten>] = [
    .optional("axis", \.axis, "The first joined axis; negative counts from the end."),
    .optional("end_axis", \.endAxis, "The last joined axis; negative counts from the end."),
  ]

  package var isView: Bool { true }

  /// - Throws: ``ShapeFailure`` if the two axes are not a range within an example.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    guard let first = input.axis(axis), let last = input.axis(endAxis), first >= 1, first <= last
    else {
      throw ShapeFailure(
        "axes \(axis) to \(endAxis) are not a range within the axes 1 to \(input.rank - 1) of an example"
      )
    }
    let axes = input.axes
    return [
      Shape(axes[..<first] + [input.count(in: first..<last + 1)] + axes[(last + 1)...])
    ]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {}
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {}
}
