package import Fields
internal import Kernels
package import Plans
package import Tensors

/// [N, C, H, W] → [N, C, scale·H, scale·W]
///
/// x is [N, C, spatial…]. Mode nearest repeats elements: y[…, j] = x[…, ⌊j/scale⌋].
///
/// Mode bilinear requires [N, C, H, W]. An output is the mean of the four nearest elements,
/// weighted by their distance. Output j has the place (j + ½)/scale − ½ in the input. With
/// `align_corners` the place is j·(W − 1)/(scale·W − 1), so that both images have the same corners.
///
/// ∂x is the sum of ∂y over all outputs that depend on the element, with the same weights.
package struct Upsample: Layer {
  /// The rule for elements between those of the input.
  package enum Mode: String, FieldChoice {
    /// Copies of the nearest element.
    case nearest
    /// Linear interpolation along both axes.
    case bilinear
  }

  /// The factor of the extents, for all spatial axes or for each.
  var scales = [2]
  /// The rule for elements between those of the input.
  var mode = Mode.nearest
  /// True if mode bilinear keeps the corner elements at their places.
  var alignsCorners = false

  package init() {}

  package static let reference = Reference(
    "Upsample",
    formula: "[N, C, H, W] → [N, C, scale·H, scale·W]",
    discussion: """
      Multiplies the extent of every axis after the channels by `scale`: one number, or one for each
      axis. Mode nearest repeats elements, for any number of axes; bilinear interpolates the four
      nearest elements of [N, C, H, W]. As in PyTorch; Caffe has no such layer.
      """,
    example: "{name: larger, type: Upsample, scale: 2, mode: bilinear}")

  package static let fields: [Field<Upsample>] = [
    .optional(
      "scale", \.scales, .each(.within(1...2_147_483_647)),
      "The factor of the extents: a number, or one for each spatial axis."),
    .optional("mode", \.mode, "The rule for elements between those of the input."),
    .optional(
      "align_corners", \.alignsCorners,
      "Whether mode bilinear keeps the corner elements at their places."),
  ]

  package var inconsistency: String? {
    alignsCorners && mode != .bilinear ? "align_corners needs mode bilinear" : nil
  }

  /// - Throws: ``ShapeFailure`` if the axes do not fit the mode or the scales, or if the output is
  ///   too large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    let spatial = input.rank - 2
    guard spatial >= 1, input.example.count > 0 else {
      throw ShapeFailure("expected [N, C, spatial…] with at least one value in each example")
    }
    guard mode == .nearest || spatial == 2 else {
      throw ShapeFailure("expected [N, C, H, W] for mode bilinear")
    }
    guard scales.count == 1 || scales.count == spatial else {
      throw ShapeFailure(
        "scale: expected one number, or one for each of \(spatial) axes, received \(scales.count)")
    }
    var axes = input.axes
    for axis in 0..<spatial {
      let (extent, overflows) = axes[axis + 2].multipliedReportingOverflow(by: scale(axis))
      axes[axis + 2] = overflows ? -1 : extent
    }
    guard let output = Shape(checking: axes) else {
      throw ShapeFailure("the scaled values are too many to count")
    }
    return [output]
  }

  /// Returns the factor along a spatial axis, counted from 0.
  private func scale(_ axis: Int) -> Int { scales.count == 1 ? scales[0] : scales[axis] }

  /// Returns a region that repeats every element. The last axis of the input is innermost.
  private func regions(_ input: Shape, _ output: Shape) -> RegionRule {
    let (sources, targets) = (CopyRegion.strides(input.axes), CopyRegion.strides(output.axes))
    let spatial = 2..<input.rank
    return { examples in
      var axes = [
        CopyRegion.Axis(examples * input[1], source: sources[1], target: targets[1])
      ]
      for axis in spatial {
        let scale = scale(axis - 2)
        let steps = CopyRegion.Axis(
          input[axis], source: sources[axis], target: scale * targets[axis])
        let repeats = CopyRegion.Axis(scale, source: 0, target: targets[axis])
        axes += axis == input.rank - 1 ? [repeats, steps] : [steps, repeats]
      }
      return [CopyRegion(axes)]
    }
  }

  /// Returns the interpolation along H and along W.
  private func interpolations(_ input: Shape) -> (Interpolation, Interpolation) {
    func along(_ axis: Int) -> Interpolation {
      Interpolation(
        input: input[axis], output: input[axis] * scale(axis - 2), alignsCorners: alignsCorners)
    }
    return (along(2), along(3))
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, shape) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0])
    guard mode == .bilinear else {
      plan.move("upsample", x, to: y, regions(shape, pass.outputShapes[0]))
      return
    }
    let (rows, columns) = interpolations(shape)
    plan.record("upsample", reads: [x], writes: [y]) { binding in
      bilinearUpsampling(
        images: binding.examples.count * shape[1], rows: rows, columns: columns,
        binding.floats(x), to: binding.floats(y))
    }
  }

  /// Records ∂x: the sum over the copies, or the transposed interpolation.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let shape = pass.inputShapes[0]
    guard mode == .bilinear else {
      plan.moveBack("upsample gradient", dy, to: dx, regions(shape, pass.outputShapes[0]))
      return
    }
    let (rows, columns) = interpolations(shape)
    plan.record("upsample gradient", reads: [dy], writes: [dx]) { binding in
      bilinearUpsamplingGradient(
        images: binding.examples.count * shape[1], rows: rows, columns: columns,
        dy: binding.floats(dy), to: binding.floats(dx))
    }
  }
}
