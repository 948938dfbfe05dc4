package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = x·Wᵀ + b
///
/// x is [N, …], read as [N, in]; W is [out, in], b [out], y [N, out]. With an `axis` behind the first the axes before it
/// stay: x is [N, a, …], read as [N, a, in], and y [N, a, out]. With `transpose` W is kept as [in, out].
///
/// In memory W lies with an input's weights together, as the product y reads it fastest; with an output's together
/// where the outputs are few, and fewer than the inputs, so that all products run over long rows. Files hold it as
/// [out, in].
///
/// Reference: D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating errors", 1986.
package struct Linear: UnitLayer {
  var outputCount = 0
  var hasBias = true
  var axis = 1
  var isTransposed = false
  var weightFiller = FillerField(Xavier())
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Linear", aliases: ["InnerProduct"],
    formula: "y = x·Wᵀ + b",
    discussion: """
      Reads [N, …] as [N, in] and gives [N, num_output]; with axis 2 it reads [N, a, …] as [N, a, in] and gives
      [N, a, num_output], and so on. Parameters: weight [num_output, in], with transpose [in, num_output], bias
      [num_output]. As Caffe's, a filler takes the second axis of a weight for its inputs, also of a transposed one.
      Defaults differ from Caffe's, whose fillers are constant 0: here the weights are xavier.
      """,
    example:
      "{name: ip1, type: Linear, num_output: 100, weight_filler: {type: gaussian, std: 0.01}}"
  )

  package static let fields: [Field<Linear>] = [
    .required("num_output", \.outputCount, .within(1...2_147_483_647), "Outputs of the layer."),
    .optional("bias_term", \.hasBias, "Adds a bias to every output."),
    .optional(
      "axis", \.axis, "The first axis of the inputs of a row; negative counts from the end."),
    .optional("transpose", \.isTransposed, "Keeps the weights as [in, num_output]."),
    .optional("weight_filler", \.weightFiller, "First values of the weights."),
    .optional("bias_filler", \.biasFiller, "First values of the bias."),
  ]

  package var idleFields: [IdleField] { .biasFiller(hasBias) }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].example.count > 0 else {
      throw ShapeFailure("expected [N, …] with at least one value an example")
    }
    let axis = try inputs[0].classAxis(axis)
    guard let output = Shape(checking: inputs[0].axes[..<axis] + [outputCount]),
      Shape(checking: [outputCount, rows(inputs[0]).depth]) != nil
    else { throw ShapeFailure("\(outputCount) outputs are too many to count") }
    return [output]
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    let depth = rows(inputs[0]).depth
    // Whether an input's weights lie together.
    let isWide = outputCount >= min(depth + 1, Linear.longRow)
    let weight = ParameterDeclaration(
      "weight", Shape(isTransposed ? [depth, outputCount] : [outputCount, depth]),
      weightFiller.value, order: isWide == isTransposed ? .rowMajor : .columnMajor, role: .weight)
    let bias = ParameterDeclaration("bias", Shape([outputCount]), biasFiller.value, role: .bias)
    return hasBias ? [weight, bias] : [weight]
  }

  package var unitCount: Int { outputCount }
  package func runOfWeights(_ weight: Shape) -> Int? { isTransposed ? 1 : weight[1] }

  /// From this many outputs on a row of them is long.
  private static let longRow = 128

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    2 * Double(inputs[0].count) * Double(outputCount)
  }

  /// How the weights lie in memory, as [out, in].
  private func order(of weight: ParameterTensor) -> ProductShape.Order {
    isTransposed ? weight.order.transposed : weight.order
  }

  /// Rows of an example, and elements of a row.
  private func rows(_ input: Shape) -> (count: Int, depth: Int) {
    let axis = input.axis(axis) ?? 1
    return (input.count(in: 1..<axis), input.count(in: axis..<input.rank))
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (weight, rows) = (pass.parameters[0], rows(pass.inputShapes[0]))
    plan.product(
      pass.inputs[0], weight.value, order: order(of: weight).transposed,
      rowsPerExample: rows.count, depth: rows.depth, columns: outputCount,
      bias: hasBias ? pass.parameters[1].value : nil, to: pass.outputs[0])
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let outputGradient = pass.outputGradients[0] else { return }
    let (weight, input, rows) = (pass.parameters[0], pass.inputs[0], rows(pass.inputShapes[0]))
    if let gradient = pass.parameterGradients[0] {
      switch order(of: weight) {
      case .rowMajor:
        plan.gradientProduct(
          outputGradient, input, rowsPerExample: rows.count, rows: outputCount,
          columns: rows.depth, to: gradient)
      case .columnMajor:
        plan.gradientProduct(
          input, outputGradient, rowsPerExample: rows.count, rows: rows.depth,
          columns: outputCount, to: gradient)
      }
    }
    if hasBias, let gradient = pass.parameterGradients[1] {
      plan.columnSum(
        outputGradient, rowsPerExample: rows.count, columns: outputCount, to: gradient)
    }
    if let inputGradient = pass.inputGradients[0] {
      plan.product(
        outputGradient, weight.value, order: order(of: weight), rowsPerExample: rows.count,
        depth: outputCount, columns: rows.depth, to: inputGradient)
    }
  }
}
