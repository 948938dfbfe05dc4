package import Fields
package import Kernels
package import Plans
package import Tensors

/// y = [x₁, x₂, …] along an axis
///
/// The bottoms [N, C₁, …], [N, C₂, …] become [N, C₁ + C₂, …]. ∂x_i is the part of ∂y that belongs
/// to x_i.
///
/// The bottoms have equal extents along all other axes. The axis of the examples cannot grow.
package struct Concat: Layer {
  /// The axis that grows, at least 1; a negative number counts from the end.
  var axis = 1

  package init() {}

  package static let reference = Reference(
    "Concat",
    formula: "y = [x₁, x₂, …] along an axis",
    discussion: """
      Concatenates its bottoms along `axis`. They have equal extents along all other axes. The first
      axis counts the examples and cannot grow.
      """,
    example: "{name: both, type: Concat, bottom: [data, data]}")

  package static let fields: [Field<Concat>] = [
    .optional("axis", \.axis, "The axis that grows; negative counts from the end.")
  ]

  package var inputCount: ClosedRange<Int> { 1...1000 }

  /// - Throws: ``ShapeFailure`` if the bottoms differ along another axis, or if the output is too
  ///   large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let axis = try inputs[0].classAxis(axis)
    var axes = inputs[0].axes
    for input in inputs.dropFirst() {
      var others = input.axes
      guard others.count == axes.count else {
        throw ShapeFailure("expected bottoms of \(axes.count) axes")
      }
      let (extent, overflows) = axes[axis].addingReportingOverflow(others[axis])
      guard !overflows else { throw ShapeFailure("the bottoms together have too many values") }
      axes[axis] = extent
      others[axis] = extent
      guard others == axes else {
        throw ShapeFailure("expected bottoms that differ along axis \(axis) only")
      }
    }
    guard let output = Shape(checking: axes) else {
      throw ShapeFailure("the bottoms together have too many values")
    }
    return [output]
  }

  /// Keeps channels last if a bottom has this layout.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    .keeping(given.contains(.channelsLast) ? given.map { _ in .channelsLast } : given)
  }

  /// Returns the axis, and the part of the output's axis for each bottom.
  private func parts(_ pass: ForwardPass) -> (axis: Int, ranges: [Range<Int>]) {
    guard let axis = pass.outputShapes[0].axis(axis) else { return (1, []) }
    var end = 0
    let ranges = pass.inputShapes.map { shape in
      defer { end += shape[axis] }
      return end..<end + shape[axis]
    }
    return (axis, ranges)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (inputs, y, shape) = (pass.inputs, pass.outputs[0], pass.outputShapes[0])
    let (layout, (axis, ranges)) = (pass.outputLayouts[0], parts(pass))
    plan.record("concat", reads: inputs, writes: [y]) { binding in
      KernelSequence(
        zip(inputs, ranges).map { input, range in
          regionCopy(
            .part(
              range, ofAxis: axis, shape, layout, examples: binding.examples.count,
              isWholeSource: false),
            from: binding.floats(input), to: binding.floats(y))
        })
    }
  }

  /// Records the part of ∂y for each bottom with a gradient.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let (shape, layout) = (pass.outputShapes[0], pass.outputLayouts[0])
    let (axis, ranges) = parts(pass.forward)
    for (dx, range) in zip(pass.inputGradients, ranges) {
      guard let dx else { continue }
      plan.move("concat gradient", dy, to: dx) { examples in
        [.part(range, ofAxis: axis, shape, layout, examples: examples, isWholeSource: true)]
      }
    }
  }
}
