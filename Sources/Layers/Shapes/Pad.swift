package import Fields
internal import Kernels
package import Plans
package import Tensors

/// [N, a] → [N, low + a + high]
///
/// y = x with elements around
///
/// Axis a + i of y is longer by low[i] before and high[i] after, a being `axis`. The new elements are `value`, x
/// mirrored at its first and last element, or x's element at the edge. ∂x is the sum of ∂y over all places that an
/// element went to.
package struct Pad: Layer {
  /// How the place around a tensor is filled.
  package enum Mode: String, FieldChoice {
    case constant
    case reflect
    case edge
  }

  var axis = 2
  var low: [Int] = []
  var high: [Int] = []
  var mode = Mode.constant
  var value = 0.0

  package init() {}

  package static let reference = Reference(
    "Pad",
    formula: "[N, a] → [N, low + a + high]",
    discussion: """
      Adds `low` elements before and `high` elements after, one number an axis from `axis` on; axes beyond the lists stay.
      `mode` constant fills with `value`; reflect mirrors at the first and last element, which is not repeated; edge repeats
      it. `axis: 1` adds channels, as the shortcuts of a residual network need. Caffe has no such layer.
      """,
    example: "{name: wider, type: Pad, axis: 1, low: 1, high: 1}")

  private static let extents = Constraint<[Int]>.list(
    "a list of at most 8 integers from 0", of: .within(0...2_147_483_647),
    allows: { $0.count <= 8 })

  package static let fields: [Field<Pad>] = [
    .optional("axis", \.axis, "The first axis that grows; negative counts from the end."),
    .optional("low", \.low, extents, "Elements before the first, one number an axis from axis on."),
    .optional("high", \.high, extents, "Elements after the last, one number an axis from axis on."),
    .optional("mode", \.mode, "What the new elements are."),
    .optional("value", \.value, .within(-1e6...1e6), "The new elements of mode constant."),
  ]

  package var inconsistency: String? {
    (low + high).contains { $0 > 0 }
      ? nil : "expected a number above 0 in low or high: it adds nothing"
  }

  package var idleFields: [IdleField] {
    mode == .constant
      ? [] : [IdleField("value", since: "mode \(mode.rawValue) repeats elements of the bottom")]
  }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    let axis = try input.classAxis(axis)
    for (name, list) in [("low", low), ("high", high)] where list.count > input.rank - axis {
      throw ShapeFailure(
        "\(name): expected at most \(input.rank - axis) numbers, one an axis from axis \(axis) on, "
          + "received \(list.count)")
    }
    var axes = input.axes
    for (index, extent) in input.axes.enumerated() {
      let (before, after) = padding(index, input)
      if before + after > 0, mode != .constant, extent == 0 {
        throw ShapeFailure("axis \(index) is empty: there is nothing to repeat")
      }
      if mode == .reflect, before >= max(extent, 1) || after >= max(extent, 1) {
        throw ShapeFailure(
          "axis \(index) has \(extent) elements, of which at most \(extent - 1) can be mirrored, "
            + "but the padding is \(before) and \(after)")
      }
      let (sum, overflows) = extent.addingReportingOverflow(before + after)
      guard !overflows else { throw ShapeFailure("the padding is too large to count") }
      axes[index] = sum
    }
    guard let output = Shape(checking: axes) else {
      throw ShapeFailure("the padding is too large to count")
    }
    return [output]
  }

  /// The new elements before and after along an axis of the input.
  private func padding(_ index: Int, _ input: Shape) -> (before: Int, after: Int) {
    let place = index - (input.axis(axis) ?? input.rank)
    return (
      low.indices.contains(place) ? low[place] : 0, high.indices.contains(place) ? high[place] : 0
    )
  }

  /// A run of places along an axis of the output.
  private struct Part {
    var extent: Int
    /// The first element in the input, and the way to the next.
    var source: Int
    var step: Int
    /// The first place in the output.
    var target: Int
  }

  /// The runs along an axis: the input itself, and what is made of it before and after.
  private func parts(_ index: Int, _ input: Shape, extent: Int) -> [Part] {
    let (before, after) = padding(index, input)
    let middle = Part(extent: extent, source: 0, step: 1, target: before)
    guard mode != .constant else { return [middle] }
    let mirrors = mode == .reflect
    let parts = [
      Part(extent: before, source: mirrors ? before : 0, step: mirrors ? -1 : 0, target: 0), middle,
      Part(
        extent: after, source: mirrors ? extent - 2 : extent - 1, step: mirrors ? -1 : 0,
        target: before + extent),
    ]
    return parts.filter { $0.extent > 0 }
  }

  /// A box for each choice of a run along every axis.
  private func boxes(_ input: Shape, _ output: Shape) -> BoxRule {
    let (sources, targets) = (Box.strides(input.axes), Box.strides(output.axes))
    return { examples in
      var boxes = [Box([])]
      for index in input.axes.indices {
        let parts = parts(index, input, extent: index == 0 ? examples : input[index])
        boxes = boxes.flatMap { box in
          parts.map { part in
            let axis = Box.Axis(
              part.extent, source: part.step * sources[index], target: targets[index])
            return Box(
              box.axes + [axis], source: box.source + part.source * sources[index],
              target: box.target + part.target * targets[index])
          }
        }
      }
      return boxes
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.move(
      "pad", pass.inputs[0], to: pass.outputs[0],
      filling: mode == .constant ? Float(value) : nil,
      boxes(pass.inputShapes[0], pass.outputShapes[0]))
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    plan.moveBack("pad gradient", dy, to: dx, boxes(pass.inputShapes[0], pass.outputShapes[0]))
  }
}
