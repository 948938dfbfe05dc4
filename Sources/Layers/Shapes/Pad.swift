package import Fields
internal import Kernels
package import Plans
package import Tensors

/// [N, a] → [N, low + a + high]
///
/// Axis `axis` + i of y has low[i] more elements before those of x, and high[i] more after them.
/// The new elements are `value`, or copies of elements of x, by `mode`. Axes beyond the lists keep
/// their extents.
///
/// ∂x is the sum of ∂y over all places that hold a copy of the element.
package struct Pad: Layer {
  /// The rule for the new elements.
  package enum Mode: String, FieldChoice {
    /// All are `value`.
    case constant
    /// x, mirrored at its first and last element. These two elements are not repeated.
    case reflect
    /// Copies of the first or last element.
    case edge
  }

  /// The axis of the first number in the lists; a negative number counts from the end.
  var axis = 2
  /// The number of new elements before those of x, for each axis from `axis` on.
  var low: [Int] = []
  /// The number of new elements after those of x, for each axis from `axis` on.
  var high: [Int] = []
  /// The rule for the new elements.
  var mode = Mode.constant
  /// The new elements with mode constant.
  var value = 0.0

  package init() {}

  package static let reference = Reference(
    "Pad",
    formula: "[N, a] → [N, low + a + high]",
    discussion: """
      Adds `low` elements before and `high` elements after, one number for each axis from `axis` on;
      axes beyond the lists keep their extents. `mode` constant fills with `value`. reflect mirrors
      the bottom at its first and last element, and does not repeat these. edge repeats the first
      and the last element. `axis: 1` adds channels, as the shortcuts of a residual network need.
      Caffe has no such layer.
      """,
    example: "{name: wider, type: Pad, axis: 1, low: 1, high: 1}")

  /// The values that `low` and `high` accept.
  private static let extents = Constraint<[Int]>.list(
    "a list of at most 8 integers from 0", of: .within(0...2_147_483_647),
    allows: { $0.count <= 8 })

  package static let fields: [Field<Pad>] = [
    .optional("axis", \.axis, "The first axis that grows; negative counts from the end."),
    .optional(
      "low", \.low, extents, "New elements before the first, one number for each axis from axis on."
    ),
    .optional(
      "high", \.high, extents, "New elements after the last, one number for each axis from axis on."
    ),
    .optional("mode", \.mode, "The rule for the new elements."),
    .optional(
      "value", \.value, .within(-1e6...1e6), "The value of the new elements with mode constant."),
  ]

  package var inconsistency: String? {
    (low + high).contains { $0 > 0 }
      ? nil : "expected a number above 0 in low or high: the layer adds nothing"
  }

  package var idleFields: [IdleField] {
    mode == .constant
      ? [] : [IdleField("value", since: "mode \(mode.rawValue) repeats elements of the bottom")]
  }

  /// - Throws: ``ShapeFailure`` if a list is too long, if an axis has too few elements to mirror or
  ///   repeat, or if the output is too large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    let axis = try input.classAxis(axis)
    for (name, list) in [("low", low), ("high", high)] where list.count > input.rank - axis {
      throw ShapeFailure(
        "\(name): expected at most \(input.rank - axis) numbers, one for each axis from axis \(axis) on, "
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
          "axis \(index) with \(extent) elements can mirror at most \(extent - 1): received a padding of "
            + "\(before) and \(after)")
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

  /// Returns the numbers of new elements before and after those of an input axis.
  private func padding(_ index: Int, _ input: Shape) -> (before: Int, after: Int) {
    let place = index - (input.axis(axis) ?? input.rank)
    return (
      low.indices.contains(place) ? low[place] : 0, high.indices.contains(place) ? high[place] : 0
    )
  }

  /// A run of places along an axis of the output.
  private struct Part {
    var extent: Int
    /// The first element in the input.
    var source: Int
    /// The distance from one element in the input to the next.
    var step: Int
    /// The first place in the output.
    var target: Int
  }

  /// Returns the runs along an axis: the input itself, and the copies before and after it.
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

  /// Returns a region for each combination of one run along every axis.
  private func regions(_ input: Shape, _ output: Shape) -> RegionRule {
    let (sources, targets) = (CopyRegion.strides(input.axes), CopyRegion.strides(output.axes))
    return { examples in
      var regions = [CopyRegion([])]
      for index in input.axes.indices {
        let parts = parts(index, input, extent: index == 0 ? examples : input[index])
        regions = regions.flatMap { region in
          parts.map { part in
            let axis = CopyRegion.Axis(
              part.extent, source: part.step * sources[index], target: targets[index])
            return CopyRegion(
              region.axes + [axis], source: region.source + part.source * sources[index],
              target: region.target + part.target * targets[index])
          }
        }
      }
      return regions
    }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    plan.move(
      "pad", pass.inputs[0], to: pass.outputs[0],
      filling: mode == .constant ? Float(value) : nil,
      regions(pass.inputShapes[0], pass.outputShapes[0]))
  }

  /// Records ∂x: the sum of ∂y over all copies of each element.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    plan.moveBack("pad gradient", dy, to: dx, regions(pass.inputShapes[0], pass.outputShapes[0]))
  }
}
