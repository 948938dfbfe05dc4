package import Fields
internal import Kernels
package import Plans
package import Tensors

/// [N, a, b] → [N, b, a]
///
/// Axis i of y is axis order[i] of x. With order [0, 2, 3, 1], [N, C, H, W] becomes [N, H, W, C].
/// ∂x is ∂y in the inverse order.
///
/// The order begins with 0, because the first axis counts the examples. Axes that it leaves out
/// follow in their own order.
///
/// Reference: the layer of W. Liu et al., "SSD: single shot multibox detector", 2016, and its Caffe
/// files.
package struct Permute: Layer {
  /// The axes of x in the order of y.
  var order: [Int] = []

  package init() {}

  package static let reference = Reference(
    "Permute",
    formula: "[N, a, b] → [N, b, a]",
    discussion: """
      Axis i of the top is axis order[i] of the bottom. `order` begins with 0, because the first
      axis counts the examples. Axes that it leaves out follow in their own order.
      """,
    example: "{name: turned, type: Permute, order: [0, 1]}")

  package static let fields: [Field<Permute>] = [
    .required(
      "order", \.order,
      .list(
        "a list of different axes, beginning with 0", of: .atLeast(0),
        allows: { (1...32).contains($0.count) },
        misfit: { order in
          order.indices.first { place in
            order[..<place].contains(order[place]) || place == 0 && order[place] != 0
          }
        }), "The bottom's axes in the order of the top.")
  ]

  /// Returns the order of all axes of a tensor.
  private func complete(_ rank: Int) -> [Int] {
    order + (0..<rank).filter { !order.contains($0) }
  }

  /// - Throws: ``ShapeFailure`` if the order names an axis that the bottom does not have.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    if let axis = order.first(where: { $0 >= inputs[0].rank }) {
      throw ShapeFailure("order: axis \(axis) is not one of the axes 0 to \(inputs[0].rank - 1)")
    }
    return [Shape(complete(inputs[0].rank).map { inputs[0][$0] })]
  }

  /// Returns a region with the axes in the order of the top, so that the kernel writes the top
  /// sequentially.
  private func regions(_ input: Shape, _ output: Shape) -> RegionRule {
    let order = complete(input.rank)
    let (sources, targets) = (CopyRegion.strides(input.axes), CopyRegion.strides(output.axes))
    return { examples in
      [
        CopyRegion(
          order.indices.map { axis in
            CopyRegion.Axis(
              axis == 0 ? examples : output[axis], source: sources[order[axis]],
              target: targets[axis])
          })
      ]
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.move(
      "permute", pass.inputs[0], to: pass.outputs[0],
      regions(pass.inputShapes[0], pass.outputShapes[0]))
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let regions = regions(pass.inputShapes[0], pass.outputShapes[0])
    plan.move("permute gradient", dy, to: dx) { regions($0).map(\.reversed) }
  }
}
