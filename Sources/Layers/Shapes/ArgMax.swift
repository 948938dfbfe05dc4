package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = argmax x
///
/// With `axis`, x is [N, C, …], and y is [N, top_k, …]. y holds the places of the `top_k` greatest
/// elements along the axis, or their values with `out_max_val`.
///
/// Without `axis`, the layer searches a whole example, as in Caffe. y is [N, 1, top_k]. With
/// `out_max_val` it is [N, 2, top_k], places first, then values.
///
/// Places count from 0 and are floats, greatest element first. The gradient is 0.
package struct ArgMax: Layer {
  /// The order of equal elements.
  package enum Ties: String, FieldChoice {
    /// The first element comes first.
    case first
    /// The last element comes first, as in Caffe.
    case last
  }

  /// The number of greatest elements.
  var topCount = 1
  /// True if the output holds the values of the elements.
  var givesValues = false
  /// The axis that the layer searches. Nil for the whole example.
  var axis: Int?
  /// The order of equal elements.
  var ties = Ties.first

  package init() {}

  package static let reference = Reference(
    "ArgMax",
    formula: "y = argmax x",
    discussion: """
      Places are numbers from 0, as floats. With `axis`, [N, C, …] becomes [N, top_k, …]. Without
      `axis`, as in Caffe, an example is one row. The result is then [N, 1, top_k], or [N, 2, top_k]
      with values. If elements are equal, the first comes first; with ties: last, as in Caffe, the
      last comes first. The gradient is 0.
      """,
    example: "{name: best, type: ArgMax, axis: 1}")

  package static let fields: [Field<ArgMax>] = [
    .optional(
      "top_k", \.topCount, .within(1...1000), "The number of greatest elements, the greatest first."
    ),
    .optional(
      "out_max_val", \.givesValues,
      "Whether to give values: with axis instead of places, without axis after the places."),
    .optional("axis", \.axis, "The axis to search. Default: the whole example."),
    .optional("ties", \.ties, "The order of equal elements."),
  ]

  /// - Throws: ``ShapeFailure`` if `top_k` exceeds the elements, or if float32 cannot represent
  ///   every place exactly.
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
      throw ShapeFailure("top_k: expected at most the \(extent) elements, received \(topCount)")
    }
    guard extent <= 1 << 24 else {
      throw ShapeFailure(
        "expected at most 16777216 elements, whose places float32 can represent exactly")
    }
    guard let output = Shape(checking: axes) else {
      throw ShapeFailure("the results are too many to count")
    }
    return [output]
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, shape, axis) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0], axis)
    let (count, takesLast) = (topCount, ties == .last)
    // The kernel finds this many elements of an example at once, and needs memory for them.
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

  /// Records zeros, because places and sorted values pass no gradient.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    if let dx = pass.inputGradients[0] { plan.zero(dx) }
  }
}
