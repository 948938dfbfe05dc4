internal import Kernels
internal import Plans
internal import Tensors

/// Both directions where an example has several rows: with an `axis` behind the first.
extension Linear {
  /// Rows of an example, and elements of a row.
  func rows(_ input: Shape) -> (count: Int, depth: Int) {
    let axis = input.axis(axis) ?? 1
    return (input.count(in: 1..<axis), input.count(in: axis..<input.rank))
  }

  func forwardRows(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (rows, columns) = (rows(pass.inputShapes[0]), outputCount)
    let (order, hasBias) = (order(of: pass.parameters[0]).transposed, hasBias)
    let reads = [pass.inputs[0]] + pass.parameters.map(\.value)
    plan.primitive(
      "product", reads: reads, writes: [pass.outputs[0]], operands: reads + [pass.outputs[0]]
    ) { examples in
      RowProductShape(
        ProductShape(
          rows: examples * rows.count, depth: rows.depth, columns: columns, right: order,
          hasBias: hasBias))
    }
  }

  func backwardRows(_ pass: BackwardPass, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let (rows, outputs) = (rows(pass.inputShapes[0]), outputCount)
    let (x, weight, order) = (pass.inputs[0], pass.parameters[0], order(of: pass.parameters[0]))
    if let gradient = pass.parameterGradients[0] {
      let isTurned = order == .columnMajor
      let (left, right) = isTurned ? (x, dy) : (dy, x)
      let (height, width) = isTurned ? (rows.depth, outputs) : (outputs, rows.depth)
      plan.sumOverSlices(gradient) { builder, part in
        builder.primitive(
          "gradient", reads: [left, right], writes: [part], operands: [left, right, part]
        ) { examples in
          RowProductShape(
            ProductShape(
              rows: height, depth: examples * rows.count, columns: width, left: .columnMajor))
        }
      }
    }
    if hasBias, let gradient = pass.parameterGradients[1] {
      plan.columnSum(dy, rowsPerExample: rows.count, columns: outputs, to: gradient)
    }
    guard let dx = pass.inputGradients[0] else { return }
    plan.primitive(
      "product", reads: [dy, weight.value], writes: [dx], operands: [dy, weight.value, dx]
    ) { examples in
      RowProductShape(
        ProductShape(
          rows: examples * rows.count, depth: outputs, columns: rows.depth, right: order))
    }
  }
}
