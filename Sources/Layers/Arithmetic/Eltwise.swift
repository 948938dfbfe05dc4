package import Fields
package import Kernels
package import Plans
package import Tensors

/// y = Σ coeff·x, Π x or max x of several bottoms, element by element
///
/// The bottoms x_i have the same number of axes. Along each axis except the first, a bottom with an
/// extent of 1 is repeated to the extent of the others. Caffe refuses bottoms of different extents.
///
/// ∂x_i is coeff_i·∂y for SUM, and ∂y times the other bottoms for PROD. For MAX it is ∂y where x_i
/// is the greatest. Along a repeated axis the gradient is summed.
///
/// If the first two bottoms are equal, MAX takes the second. It takes a later bottom only if that
/// is greater, as in Caffe.
package struct Eltwise: Layer {
  /// How an Eltwise layer combines its bottoms; the names are Caffe's.
  package enum Operation: String, FieldChoice {
    /// Σ coeff·x.
    case sum = "SUM"
    /// Π x.
    case product = "PROD"
    /// max x.
    case maximum = "MAX"
  }

  /// The way in which the layer combines its bottoms.
  var operation = Operation.sum
  /// The factor of each bottom of a sum. An empty list means a factor of 1 for every bottom.
  var coefficients: [Double] = []

  package init() {}

  package static let reference = Reference(
    "Eltwise",
    formula: "y = Σ coeff·x, Π x or max x of several bottoms",
    discussion: """
      Combines two or more bottoms element by element. The bottoms have the same number of axes. A
      bottom with an extent of 1 is repeated to the extent of the others; Caffe refuses it. `coeff`
      belongs to operation SUM: one number for each bottom. If the first two bottoms are equal, MAX
      takes the second. It takes a later bottom only if that is greater, as in Caffe.
      """,
    example: "{name: sum, type: Eltwise, bottom: [data, data], coeff: [1, -0.5]}")

  package static let fields: [Field<Eltwise>] = [
    .optional("operation", \.operation, "How the bottoms are combined."),
    .optional(
      "coeff", \.coefficients,
      .list(
        "a list of at most 1000 numbers from -1000000 to 1000000", of: .within(-1e6...1e6),
        allows: { $0.count <= 1000 }), "The factor of each bottom of a sum. Default: 1 for all."),
  ]

  package var inconsistency: String? {
    coefficients.isEmpty || operation == .sum
      ? nil : "coeff belongs to operation SUM, not \(operation.rawValue)"
  }

  package var inputCount: ClosedRange<Int> { 2...1000 }

  /// - Throws: ``ShapeFailure`` if extents differ and neither is 1, if the number of coefficients
  ///   is wrong, or if the output is too large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard coefficients.isEmpty || coefficients.count == inputs.count else {
      throw ShapeFailure(
        "coeff: expected \(inputs.count) numbers, one for each bottom, received \(coefficients.count)"
      )
    }
    var axes = inputs[0].axes
    for input in inputs.dropFirst() {
      guard input.rank == axes.count else {
        throw ShapeFailure("expected bottoms of \(axes.count) axes")
      }
      for (axis, extent) in input.axes.enumerated() where extent != axes[axis] {
        guard extent == 1 || axes[axis] == 1, axis > 0 else {
          throw ShapeFailure("expected bottoms whose extents are equal, or 1, along axis \(axis)")
        }
        axes[axis] = axes[axis] == 1 ? extent : axes[axis]
      }
    }
    guard let output = Shape(checking: axes) else {
      throw ShapeFailure("the repeated bottoms are too many values to count")
    }
    return [output]
  }

  /// The layout of the first bottom if no bottom is repeated, and row-major otherwise.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    inputs.allSatisfy { $0 == inputs[0] }
      ? .keeping(given) : .plain(inputs: inputs.count, outputs: topCount)
  }

  /// One operation for each bottom and element.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    Double(inputs.count) * Double(outputs[0].count)
  }

  /// True if the layer adds its bottoms without coefficients.
  private var isPlainSum: Bool { operation == .sum && coefficients.isEmpty }

  /// The kernel's function for this number of bottoms.
  private func function(_ inputCount: Int) -> EltwiseFunction {
    switch operation {
    case .sum:
      .sum(
        coefficients.isEmpty
          ? Array(repeating: 1, count: inputCount) : coefficients.map { Float($0) })
    case .product: .product
    case .maximum: .maximum
    }
  }

  /// The regions that repeat a bottom to the output's shape. Nil for a bottom that has this shape.
  private func regions(_ input: Shape, _ output: Shape) -> RegionRule? {
    guard input != output else { return nil }
    let (sources, targets) = (CopyRegion.strides(input.axes), CopyRegion.strides(output.axes))
    return { examples in
      [
        CopyRegion(
          output.axes.indices.map { axis in
            CopyRegion.Axis(
              axis == 0 ? examples : output[axis],
              source: input[axis] == output[axis] ? sources[axis] : 0, target: targets[axis])
          })
      ]
    }
  }

  /// Records the output, and returns the bottoms in the shape of the top.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> [Slot] {
    let (y, output) = (pass.outputs[0], pass.outputShapes[0])
    var inputs = pass.inputs
    for (number, input) in pass.inputShapes.enumerated() {
      guard let regions = regions(input, output) else { continue }
      inputs[number] = plan.batchSlot("repeated", output)
      plan.move("repeat", pass.inputs[number], to: inputs[number], regions)
    }
    if isPlainSum {
      plan.elementSum(inputs, to: y)
      return inputs
    }
    let function = function(inputs.count)
    plan.record(operation.rawValue.lowercased(), reads: inputs, writes: [y]) { [inputs] binding in
      eltwise(function, inputs.map(binding.floats), to: binding.floats(y))
    }
    return inputs
  }

  /// Records ∂x_i for each bottom.
  ///
  /// For a repeated bottom it first records the gradient in the shape of the top, and then the sum
  /// over the copies.
  package func backward(_ pass: inout BackwardPass, _ inputs: [Slot], _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let output = pass.outputShapes[0]
    let function = function(inputs.count)
    // The gradient of a sum does not depend on the values.
    let read = operation == .sum ? [] : inputs
    for (number, dx) in pass.inputGradients.enumerated() {
      guard let dx else { continue }
      let regions = regions(pass.inputShapes[number], output)
      if isPlainSum, regions == nil {
        // All bottoms of a sum share one gradient, in the same memory.
        pass.passOn(dy, toInput: number)
        continue
      }
      let whole = regions == nil ? dx : plan.batchSlot("∂repeated", output)
      plan.record(
        "\(operation.rawValue.lowercased()) gradient", reads: read + [dy], writes: [whole]
      ) { binding in
        eltwiseGradient(
          function, read.map(binding.floats), of: number, dy: binding.floats(dy),
          to: binding.floats(whole))
      }
      if let regions { plan.moveBack("repeat gradient", whole, to: dx, regions) }
    }
  }
}
