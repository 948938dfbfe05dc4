package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = [x, x, …] along an axis
///
/// y = [x, x, …] along `axis`, `tiles` times
///
/// [N, C, …] becomes [N, tiles·C, …]; ∂x is the sum of the tiles' gradients.
package struct Tile: Layer {
  var axis = 1
  var tiles = 1

  package init() {}

  package static let reference = Reference(
    "Tile",
    formula: "y = [x, x, …] along an axis",
    discussion: "Repeats its bottom along `axis`, `tiles` times. The examples cannot be repeated.",
    example: "{name: thrice, type: Tile, tiles: 3}")

  package static let fields: [Field<Tile>] = [
    .optional("axis", \.axis, "The axis that grows; negative counts from the end."),
    .required("tiles", \.tiles, .within(1...2_147_483_647), "How often the bottom is repeated."),
  ]

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let axis = try inputs[0].classAxis(axis)
    var axes = inputs[0].axes
    let (extent, overflows) = axes[axis].multipliedReportingOverflow(by: tiles)
    axes[axis] = extent
    guard !overflows, let output = Shape(checking: axes) else {
      throw ShapeFailure("\(tiles) tiles are too many values to count")
    }
    return [output]
  }

  private func boxes(_ shape: Shape) -> BoxRule {
    let axis = shape.axis(axis) ?? 1
    let (block, tiles) = (shape.count(in: axis..<shape.rank), tiles)
    let outer = shape.count(in: 1..<axis)
    return { examples in
      [
        Box([
          Box.Axis(examples * outer, source: block, target: tiles * block),
          Box.Axis(tiles, source: 0, target: block), Box.Axis(block, source: 1, target: 1),
        ])
      ]
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.move("tile", pass.inputs[0], to: pass.outputs[0], boxes(pass.inputShapes[0]))
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    plan.moveBack("tile gradient", dy, to: dx, boxes(pass.inputShapes[0]))
  }
}
