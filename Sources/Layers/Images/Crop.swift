package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = x[offset …], as large as the second bottom
///
/// y = the part of x that begins at `offset` and is as large as the second bottom
///
/// x is [N, …], the second bottom has as many axes; y has x's extents before `axis`, and the second bottom's from there
/// on. ∂x is ∂y within, 0 around; of the second bottom the size alone is read.
package struct Crop: Layer {
  var axis = 2
  var offsets = [0]

  package init() {}

  package static let reference = Reference(
    "Crop",
    formula: "y = x[offset …], as large as the second bottom",
    discussion: """
      Cuts its first bottom to the extents that the second has from `axis` on. `offset` is one number for all these axes,
      or one for each. The values of the second bottom are not read.
      """,
    example: "{name: middle, type: Crop, bottom: [data, data], axis: 1}")

  package static let fields: [Field<Crop>] = [
    .optional("axis", \.axis, "The first axis that is cut; negative counts from the end."),
    .optional(
      "offset", \.offsets, .each(.within(0...2_147_483_647)),
      "Where the part begins: a number, or one for each axis from axis on."),
  ]

  package var inputCount: ClosedRange<Int> { 2...2 }

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
        "\(sizes[index]) elements from \(offsets[index]) on are past the end of axis \(index), "
          + "which has \(input[index])")
    }
    return [Shape(Array(input.axes[..<axis]) + sizes.axes[axis...])]
  }

  /// The offset of every axis; 0 for those before `axis`.
  private func places(_ input: Shape) -> [Int] {
    let axis = input.axis(axis) ?? input.rank
    return (0..<input.rank).map { index in
      index < axis ? 0 : offsets.count == 1 ? offsets[0] : offsets[index - axis]
    }
  }

  private func boxes(_ input: Shape, _ output: Shape) -> BoxRule {
    let (sources, targets) = (Box.strides(input.axes), Box.strides(output.axes))
    let start = zip(places(input), sources).reduce(0) { $0 + $1.0 * $1.1 }
    return { examples in
      [
        Box(
          output.axes.indices.map { axis in
            Box.Axis(
              axis == 0 ? examples : output[axis], source: sources[axis], target: targets[axis])
          }, source: start)
      ]
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.move(
      "crop", pass.inputs[0], to: pass.outputs[0],
      boxes(pass.inputShapes[0], pass.outputShapes[0]))
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    if let dx = pass.inputGradients[0] {
      let boxes = boxes(pass.inputShapes[0], pass.outputShapes[0])
      plan.move("crop gradient", dy, to: dx, filling: 0) { boxes($0).map(\.reversed) }
    }
    if let sizes = pass.inputGradients[1] { plan.zero(sizes) }
  }
}
