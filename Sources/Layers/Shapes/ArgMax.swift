package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = argmax x
///
/// y = the places of the `top_k` greatest elements
///
/// With `axis` the greatest along it: [N, C, …] becomes [N, top_k, …], of places, or of values with `out_max_val`.
/// Without, the greatest of a whole example: [N, 1, top_k] of places, with `out_max_val` [N, 2, top_k], places first, then
/// values. There is no gradient.
package struct ArgMax: Layer {
  /// Which of equal elements comes first.
  package enum Ties: String, FieldChoice {
    case first
    case last
  }

  var topCount = 1
  var givesValues = false
  var axis: Int?
  var ties = Ties.first

  package init() {}

  package static let reference = Reference(
    "ArgMax",
    formula: "y = argmax x",
    discussion: """
      Places are numbers from 0, as floats. With `axis` [N, C, …] becomes [N, top_k, …]; without it, as in Caffe, an example
      is one row, and the result [N, 1, top_k], or [N, 2, top_k] with values. Of equal elements the first comes first; in
      Caffe the last: ties: last. Nothing is learned through it: its gradient is 0.
      """,
    example: "{name: best, type: ArgMax, axis: 1}")

  package static let fields: [Field<ArgMax>] = [
    .optional("top_k", \.topCount, .within(1...1000), "How many, the greatest first."),
    .optional(
      "out_max_val", \.givesValues,
      "Gives the values: with axis in the place of the places, without it beside them."),
    .optional("axis", \.axis, "The axis that is searched. Default: the whole example."),
    .optional("ties", \.ties, "Which of equal elements comes first."),
  ]

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    let extent: Int
    var axes = input.axes
    if let axis {
      let place = try input.classAxis(axis)
      extent = input[place]
      axes[place] = topCount
    } else {
      extent = input.example.count
      axes = [input[0], givesValues ? 2 : 1, topCount]
    }
    guard topCount <= extent else {
      throw ShapeFailure("top_k is \(topCount), of \(extent) elements")
    }
    guard extent <= 1 << 24 else {
      throw ShapeFailure("expected at most 16777216 elements, whose places a float can tell apart")
    }
    guard let output = Shape(checking: axes) else {
      throw ShapeFailure("the results are too many to count")
    }
    return [output]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, shape, axis) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0], axis)
    let (count, takesLast) = (topCount, ties == .last)
    // In each example as many as are searched for at once.
    let found = plan.batchSlot("found", Shape([shape[0], count]))
    let result: GreatestElementsResult = givesValues ? (axis == nil ? .both : .values) : .places
    plan.record("argmax", reads: [x], writes: [y, found]) { binding in
      let examples = binding.examples.count
      return greatestElements(
        count, of: binding.floats(x),
        axis.map { shape.extent(ofAxis: $0, examples: examples) }
          ?? AxisExtent(outer: examples, axis: shape.example.count, inner: 1),
        result, takesLast: takesLast, to: binding.floats(y), found: binding.floats(found))
    }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    if let dx = pass.inputGradients[0] { plan.zero(dx) }
  }
}
