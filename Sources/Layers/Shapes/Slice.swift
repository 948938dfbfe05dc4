package import Fields
package import Kernels
package import Plans
package import Tensors

/// y₁, y₂, … = the parts of x along an axis
///
/// x is [N, …, C, …]. Part i begins with element slice_point[i − 1] of C and ends before element
/// slice_point[i]. Without points the parts are equal.
///
/// ∂x holds the gradients of the parts side by side. A part that no loss depends on contributes
/// zeros.
package struct Slice: Layer {
  /// The axis that the layer cuts, at least 1; a negative number counts from the end.
  var axis = 1
  /// The first element of each part after the first. An empty list stands for equal parts.
  var points: [Int] = []

  package init() {}

  package static let reference = Reference(
    "Slice",
    formula: "y₁, y₂, … = the parts of x along an axis",
    discussion: """
      Cuts its bottom along `axis` into one part for each top. `slice_point` has one number for each
      top after the first. Without it, the parts are equal.
      """,
    example: "{name: halves, type: Slice, bottom: data, top: [left, right], slice_point: 1}")

  package static let fields: [Field<Slice>] = [
    .optional("axis", \.axis, "The axis to cut; negative counts from the end."),
    .optional(
      "slice_point", \.points,
      .list(
        "a list of at most 999 rising integers from 1", of: .atLeast(1),
        allows: { $0.count < 1000 },
        misfit: { points in
          points.indices.dropFirst().first { points[$0] <= points[$0 - 1] }
        }), "The first element of each part after the first. Default: equal parts."),
  ]

  /// - Throws: ``ShapeFailure`` if the points do not fit the tops or the axis.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try outputShapes(inputs, topCount: points.count + 1)
  }

  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] {
    let axis = try inputs[0].classAxis(axis)
    return try ranges(of: inputs[0][axis], axis: axis, topCount: topCount).map { range in
      var axes = inputs[0].axes
      axes[axis] = range.count
      return Shape(axes)
    }
  }

  /// Returns the parts of an axis with `extent` elements.
  private func ranges(
    of extent: Int, axis: Int, topCount: Int
  ) throws(ShapeFailure) -> [Range<Int>] {
    var points = points
    if points.isEmpty, topCount > 0 {
      guard extent.isMultiple(of: topCount) else {
        throw ShapeFailure(
          "the \(extent) elements of axis \(axis) cannot be divided into \(topCount) equal parts")
      }
      points = (1..<topCount).map { extent / topCount * $0 }
    }
    guard points.count == topCount - 1 else {
      throw ShapeFailure(
        "slice_point: expected \(topCount - 1) for \(topCount) tops, received \(points.count)")
    }
    guard points.last ?? 0 < extent else {
      throw ShapeFailure(
        "slice_point \(points.last ?? 0) is past the end: axis \(axis) has \(extent) elements")
    }
    return zip([0] + points, points + [extent]).map { $0..<$1 }
  }

  package func copiedPlaces(ofTop top: Int, _ inputs: [Shape], _ outputs: [Shape]) -> [Int]? {
    guard let axis = inputs[0].axis(axis), axis >= 1 else { return nil }
    let inner = inputs[0].count(in: axis + 1..<inputs[0].rank)
    let (all, own) = (inputs[0][axis], outputs[top][axis])
    let start = outputs[..<top].reduce(0) { $0 + $1[axis] }
    let blocks = inputs[0].count(in: 1..<axis)
    return (0..<blocks * own * inner).map { place in
      let (block, rest) = place.quotientAndRemainder(dividingBy: own * inner)
      return block * all * inner + start * inner + rest
    }
  }

  /// Returns the axis, and the part of it for each top. The caller has checked the shapes.
  private func parts(_ pass: ForwardPass) -> (axis: Int, ranges: [Range<Int>]) {
    guard let axis = pass.inputShapes[0].axis(axis) else { return (1, []) }
    var end = 0
    let ranges = pass.outputShapes.map { shape in
      defer { end += shape[axis] }
      return end..<end + shape[axis]
    }
    return (axis, ranges)
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given, outputs: topCount) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    let (axis, ranges) = parts(pass)
    for (y, range) in zip(pass.outputs, ranges) {
      plan.move("slice", pass.inputs[0], to: y) { examples in
        [.part(range, ofAxis: axis, shape, layout, examples: examples, isWholeSource: true)]
      }
    }
  }

  /// Records ∂x from the gradients of the parts. Zeros fill the parts without a gradient.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0] else { return }
    let (shape, layout) = (pass.inputShapes[0], pass.inputLayouts[0])
    let (axis, ranges) = parts(pass.forward)
    let given = zip(pass.outputGradients, ranges).compactMap { gradient, range in
      gradient.map { (gradient: $0, range: range) }
    }
    let isWhole = given.count == ranges.count
    plan.record("slice gradient", reads: given.map(\.gradient), writes: [dx]) { binding in
      let dx = binding.floats(dx)
      let parts: [any Kernel] = given.map { part in
        regionCopy(
          .part(
            part.range, ofAxis: axis, shape, layout, examples: binding.examples.count,
            isWholeSource: false),
          from: binding.floats(part.gradient), to: dx)
      }
      return KernelSequence(isWhole ? parts : [fill(dx, with: 0)] + parts)
    }
  }
}
