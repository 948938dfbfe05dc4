package import Fields
package import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = Σ coeff·x, Π x or max x of several bottoms, element by element
///
/// Bottoms of one shape, or of as many axes, of which some are 1: such an axis is repeated. ∂x_i is coeff_i·∂y, ∂y times
/// the other bottoms, or ∂y where x_i is the greatest; along a repeated axis the sum of it. Of equal bottoms the
/// maximum takes the second of the first two, and an earlier one before any later, as in Caffe.
package struct Eltwise: Layer {
  /// How an Eltwise layer combines its bottoms; the names are Caffe's.
  package enum Operation: String, FieldChoice {
    case sum = "SUM"
    case product = "PROD"
    case maximum = "MAX"
  }

  var operation = Operation.sum
  var coefficients: [Double] = []

  package init() {}

  package static let reference = Reference(
    "Eltwise",
    formula: "y = Σ coeff·x, Π x or max x of several bottoms",
    discussion: """
      Combines two or more bottoms element by element. They have as many axes; an axis of 1 is repeated to the extent that
      the others have, which Caffe refuses. `coeff` is of operation SUM: one number a bottom. In a tie MAX takes the second of
      the first two bottoms, and of later ones the earlier, as in Caffe.
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
      ? nil : "coeff is of operation SUM, not \(operation.rawValue)"
  }

  package var inputCount: ClosedRange<Int> { 2...1000 }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard coefficients.isEmpty || coefficients.count == inputs.count else {
      throw ShapeFailure(
        "coeff: expected \(inputs.count) numbers, one a bottom, received \(coefficients.count)")
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

  /// As the first bottom lies, where none is repeated.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts {
    inputs.allSatisfy { $0 == inputs[0] }
      ? .keeping(given) : .plain(inputs: inputs.count, outputs: topCount)
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    Double(inputs.count) * Double(outputs[0].count)
  }

  /// Whether every coefficient is 1.
  private var isPlainSum: Bool { operation == .sum && coefficients.isEmpty }

  private func function(_ inputCount: Int) -> CombinationFunction {
    switch operation {
    case .sum:
      .sum(
        coefficients.isEmpty
          ? Array(repeating: 1, count: inputCount) : coefficients.map { Float($0) })
    case .product: .product
    case .maximum: .maximum
    }
  }

  /// Where the elements of a bottom go; nil for one that is not repeated.
  private func boxes(_ input: Shape, _ output: Shape) -> BoxRule? {
    guard input != output else { return nil }
    let (sources, targets) = (Box.strides(input.axes), Box.strides(output.axes))
    return { examples in
      [
        Box(
          output.axes.indices.map { axis in
            Box.Axis(
              axis == 0 ? examples : output[axis],
              source: input[axis] == output[axis] ? sources[axis] : 0, target: targets[axis])
          })
      ]
    }
  }

  /// Returns the bottoms in the shape of the top.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> [Slot] {
    let (y, output) = (pass.outputs[0], pass.outputShapes[0])
    var inputs = pass.inputs
    for (number, input) in pass.inputShapes.enumerated() {
      guard let boxes = boxes(input, output) else { continue }
      inputs[number] = plan.batchSlot("repeated", output)
      plan.move("repeat", pass.inputs[number], to: inputs[number], boxes)
    }
    if isPlainSum {
      plan.elementSum(inputs, to: y)
      return inputs
    }
    let function = function(inputs.count)
    plan.record(operation.rawValue.lowercased(), reads: inputs, writes: [y]) { [inputs] binding in
      combination(function, inputs.map(binding.floats), to: binding.floats(y))
    }
    return inputs
  }

  package func backward(_ pass: inout BackwardPass, _ inputs: [Slot], _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let output = pass.outputShapes[0]
    let function = function(inputs.count)
    // The gradient of a sum asks for no value.
    let read = operation == .sum ? [] : inputs
    for (number, dx) in pass.inputGradients.enumerated() {
      guard let dx else { continue }
      let boxes = boxes(pass.inputShapes[number], output)
      if isPlainSum, boxes == nil {
        // The gradient of a sum is every bottom's, in the same memory.
        pass.passOn(dy, toInput: number)
        continue
      }
      let whole = boxes == nil ? dx : plan.batchSlot("∂repeated", output)
      plan.record(
        "\(operation.rawValue.lowercased()) gradient", reads: read + [dy], writes: [whole]
      ) { binding in
        combinationGradient(
          function, read.map(binding.floats), of: number, dy: binding.floats(dy),
          to: binding.floats(whole))
      }
      if let boxes { plan.moveBack("repeat gradient", whole, to: dx, boxes) }
    }
  }
}
