package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = x[offset …], as large as the second bottom
///
/// x is [N, …], and the second bottom has the same number of axes. y has the extents of x before
/// `axis`, and those of the second bottom from `axis` on. y is the part of x that begins at
/// `offset`.
///
/// ∂x is ∂y within the part, and 0 around it. The layer reads only the shape of the second bottom,
/// whose gradient is 0.
package struct Crop: Layer {
  /// The first axis that the layer cuts, at least 1; a negative number counts from the end.
  var axis = 2
  /// The first element of the part, for all axes from `axis` on or for each.
  var offsets = [0]

  package init() {}

  package static let reference = Reference(
    "Crop",
    formula: "y = x[offset …], as large as the second bottom",
    discussion: """
      Cuts its first bottom to the extents of the second from `axis` on. `offset` is one number for
      all these axes, or one for each. The values of the second bottom do not matter.
      """,
    example: "{name: middle, type: Crop, bottom: [data, data], axis: 1}")

  package static let fields: [Field<Crop>] = [
    .optional("axis", \.axis, "The first axis to cut; negative counts from the end."),
    .optional(
      "offset", \.offsets, .each(.within(0...2_147_483_647)),
      "The first element of the part: a number, or one for each axis from axis on."),
  ]

  package var inputCount: ClosedRange<Int> { 2...2 }

  /// - Throws: ``ShapeFailure`` if the part exceeds the first bottom, or if the offsets do not fit.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let (input, sizes) = (inputs[0], inputs[1])
    let axis = try input.classAxis(axis)
    guard sizes.rank == input.rank else {
      throw ShapeFailure("expected two bottoms of \(input.rank) axes")
    }
    let cut = input.rank - axis
    guard offsets.count == 1 || offsets.count == cut else {
      throw ShapeFailure(
        "offset: expected one number, or one for each of \(cut) axes, received \(offsets.count)")
    }
    let offsets = places(input)
    for index in axis..<input.rank where offsets[index] > input[index] - sizes[index] {
      throw ShapeFailure(
        "\(sizes[index]) elements from offset \(offsets[index]) on go beyond the end of axis "
          + "\(index), which has \(input[index]) elements")
    }
    return [Shape(Array(input.axes[..<axis]) + sizes.axes[axis...])]
  }

  /// Returns the offset along every axis, which is 0 for the axes before `axis`.
  private func places(_ input: Shape) -> [Int] {
    let axis = input.axis(axis) ?? input.rank
    return (0..<input.rank).map { index in
      index < axis ? 0 : offsets.count == 1 ? offsets[0] : offsets[index - axis]
    }
  }

  /// Returns the region that holds the part.
  private func regions(_ input: Shape, _ output: Shape) -> RegionRule {
    let (sources, targets) = (CopyRegion.strides(input.axes), CopyRegion.strides(output.axes))
    let start = zip(places(input), sources).reduce(0) { $0 + $1.0 * $1.1 }
    return { examples in
      [
        CopyRegion(
          output.axes.indices.map { axis in
            CopyRegion.Axis(
              axis == 0 ? examples : output[axis], source: sources[axis], target: targets[axis])
          }, source: start)
      ]
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.move(
      "crop", pass.inputs[0], to: pass.outputs[0],
      regions(pass.inputShapes[0], pass.outputShapes[0]))
  }

  /// Records ∂x, and zeros for the second bottom.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    if let dx = pass.inputGradients[0] {
      let regions = regions(pass.inputShapes[0], pass.outputShapes[0])
      plan.move("crop gradient", dy, to: dx, filling: 0) { regions($0).map(\.reversed) }
    }
    if let sizes = pass.inputGradients[1] { plan.zero(sizes) }
  }
}
