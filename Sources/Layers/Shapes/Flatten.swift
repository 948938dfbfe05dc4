package import Fields
package import Plans
package import Tensors

/// [N, a, b, c] → [N, a·b·c]
///
/// y = x with the axes from `axis` to `end_axis` read as one
///
/// [N, 3, 4, 5] becomes [N, 60]. The elements keep their order and their memory.
package struct Flatten: Layer {
  var axis = 1
  var endAxis = -1

  package init() {}

  package static let reference = Reference(
    "Flatten",
    formula: "[N, a, b, c] → [N, a·b·c]",
    discussion: """
      The axes from `axis` to `end_axis` become one. The first axis counts the examples and cannot be joined with
      others. Costs nothing: the output is the input's memory.
      """,
    example: "{name: flat, type: Flatten}")

  package static let fields: [Field<Flatten>] = [
    .optional("axis", \.axis, "The first axis that is joined; negative counts from the end."),
    .optional("end_axis", \.endAxis, "The last axis that is joined; negative counts from the end."),
  ]

  package var isView: Bool { true }

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
