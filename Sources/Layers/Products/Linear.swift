package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = x·Wᵀ + b
///
/// x is [N, …], read as [N, in]; W is [out, in], b is [out], and y is [N, out]. An `axis` above 1
/// keeps the axes before it: for axis 2, x is [N, a, …], read as [N, a, in], and y is [N, a, out].
/// With `transpose`, W is [in, out].
///
/// ∂x = ∂y·W, ∂W = ∂yᵀ·x, and ∂b = Σ ∂y over all rows.
///
/// In memory, the weights of one input are normally contiguous, which is the fastest order for the
/// product y. If the outputs are few, and fewer than the inputs, the weights of one output are
/// contiguous instead. Then all products run over long rows. Files hold W as [out, in].
///
/// Reference: D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by
/// back-propagating errors", 1986.
package struct Linear: UnitLayer {
  /// The number of outputs.
  var outputCount = 0
  /// True if the layer adds b.
  var hasBias = true
  /// The first axis of the inputs in a row, at least 1; a negative number counts from the end.
  var axis = 1
  /// True if files hold the weights as [in, out].
  var isTransposed = false
  /// The initial values of W.
  var weightFiller = FillerField(Xavier())
  /// The initial values of b.
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "Linear", aliases: ["InnerProduct"],
    formula: "y = x·Wᵀ + b",
    discussion: """
      Reads [N, …] as [N, in] and gives [N, num_output]; with axis 2 it reads [N, a, …] as [N, a,
      in] and gives [N, a, num_output], and so on. Parameters: weight [num_output, in], or [in,
      num_output] with transpose, and bias [num_output]. As in Caffe, a filler treats the second
      axis of a weight as the inputs, also with transpose. Defaults differ from Caffe's fillers,
      which are constant 0: here the weights are xavier.
      """,
    example:
      "{name: ip1, type: Linear, num_output: 100, weight_filler: {type: gaussian, std: 0.01}}"
  )

  package static let fields: [Field<Linear>] = [
    .required("num_output", \.outputCount, .within(1...2_147_483_647), "The number of outputs."),
    .optional("bias_term", \.hasBias, "Whether to add a bias to every output."),
    .optional(
      "axis", \.axis, "The first axis of the inputs in a row; negative counts from the end."),
    .optional("transpose", \.isTransposed, "Whether to store the weights as [in, num_output]."),
    .optional("weight_filler", \.weightFiller, "Initial values of the weights."),
    .optional("bias_filler", \.biasFiller, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { .biasFiller(hasBias) }

  /// - Throws: ``ShapeFailure`` if the bottom has no values, if an example has no such `axis`, or
  ///   if the output or W is too large.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].example.count > 0 else {
      throw ShapeFailure("expected [N, …] with at least one value in each example")
    }
    let axis = try inputs[0].classAxis(axis)
    guard let output = Shape(checking: inputs[0].axes[..<axis] + [outputCount]),
      Shape(checking: [outputCount, rows(inputs[0]).depth]) != nil
    else { throw ShapeFailure("\(outputCount) outputs are too many to count") }
    return [output]
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    let depth = rows(inputs[0]).depth
    // True if the weights of one input are contiguous.
    let isWide = outputCount >= min(depth + 1, Linear.longRow)
    let weight = ParameterDeclaration(
      "weight", Shape(isTransposed ? [depth, outputCount] : [outputCount, depth]),
      weightFiller.value, order: isWide == isTransposed ? .rowMajor : .columnMajor, role: .weight)
    let bias = ParameterDeclaration("bias", Shape([outputCount]), biasFiller.value, role: .bias)
    return hasBias ? [weight, bias] : [weight]
  }

  package var unitCount: Int { outputCount }
  package func consecutiveWeights(_ weight: Shape) -> Int? { isTransposed ? 1 : weight[1] }

  /// A row of at least this many outputs is long.
  private static let longRow = 128

  /// A multiply-add for each weight and row.
  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    2 * Double(inputs[0].count) * Double(outputCount)
  }

  /// The order of the weights in memory, read as [out, in].
  private func order(of weight: ParameterTensor) -> ProductShape.Order {
    isTransposed ? weight.order.transposed : weight.order
  }

  /// The number of rows in an example, and the number of elements in a row.
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

  /// Records ∂W, ∂b and ∂x as three products. The order of W in memory selects the order of ∂W.
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
