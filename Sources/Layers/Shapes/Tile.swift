package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = [x, x, …] along an axis
///
/// x is [N, C, …], and y is [N, tiles·C, …]: `tiles` copies along `axis`. ∂x is the sum of the
/// gradients of all copies.
///
/// The layer cannot repeat the axis of the examples.
package struct Tile: Layer {
  /// The axis that grows, at least 1; a negative number counts from the end.
  var axis = 1
  /// The number of copies.
  var tiles = 1

  package init() {}

  package static let reference = Reference(
    "Tile",
    formula: "y = [x, x, …] along an axis",
    discussion: """
      Repeats its bottom along `axis`, `tiles` times. The axis of the examples cannot be repeated.
      """,
    example: "{name: thrice, type: Tile, tiles: 3}")

  package static let fields: [Field<Tile>] = [
    .optional("axis", \.axis, "The axis that grows; negative counts from the end."),
    .required("tiles", \.tiles, .within(1...2_147_483_647), "The number of copies of the bottom."),
  ]

  /// - Throws: ``ShapeFailure`` if the axis does not exist, or if the output is too large.
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

  /// Returns the region that writes all copies.
  private func regions(_ shape: Shape) -> RegionRule {
    let axis = shape.axis(axis) ?? 1
    let (block, tiles) = (shape.count(in: axis..<shape.rank), tiles)
    let outer = shape.count(in: 1..<axis)
    return { examples in
      [
        CopyRegion([
          CopyRegion.Axis(examples * outer, source: block, target: tiles * block),
          CopyRegion.Axis(tiles, source: 0, target: block),
          CopyRegion.Axis(block, source: 1, target: 1),
        ])
      ]
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.move("tile", pass.inputs[0], to: pass.outputs[0], regions(pass.inputShapes[0]))
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    plan.moveBack("tile gradient", dy, to: dx, regions(pass.inputShapes[0]))
  }
}
