package import Fields
internal import Kernels
package import Plans
package import Tensors

/// y = coeff · Σ f(x) over the last axes
///
/// x is [N, …], and y has the axes before `axis`; with `axis: 1` it is [N]. f is x, |x| or x². For
/// the mean, f is x divided by the number of summed elements. Sums are computed in double
/// precision.
///
/// ∂x is coeff·∂y, times 1, the sign of x, 2·x, or 1 / the number of elements.
///
/// With `axis: 0`, Caffe gives a single number. Here y is [N] and holds the part of each example in
/// this number. A `loss_weight` minimizes the sum of the parts. Only the mean differs from `axis:
/// 1`, because it is also divided by the number of examples.
package struct Reduction: Layer {
  /// The function of the elements; the names are Caffe's.
  package enum Operation: String, FieldChoice {
    /// Σ x.
    case sum = "SUM"
    /// Σ |x|.
    case absoluteSum = "ASUM"
    /// Σ x².
    case squareSum = "SUMSQ"
    /// The mean of x.
    case mean = "MEAN"
  }

  /// The function of the elements.
  var operation = Operation.sum
  /// The first axis that the sum covers; a negative number counts from the end.
  var axis = 1
  /// The factor of the result.
  var coefficient = 1.0

  package init() {}

  package var isFormula: Bool { true }

  package static let reference = Reference(
    "Reduction",
    formula: "y = coeff · Σ f(x) over the last axes",
    discussion: """
      `operation` SUM adds x, ASUM |x|, SUMSQ x²; MEAN is the mean. The result has no axes from
      `axis` on. Caffe's default is axis 0, which also sums over the examples. Here the top is then
      [N] and holds the part of each example in Caffe's number. A `loss_weight` minimizes the sum of
      the parts. With axis 0, MEAN also divides by the examples of the batch, or in testing by those
      of a full training batch.
      """,
    example: "{name: penalty, type: Reduction, operation: SUMSQ, coeff: 0.5, loss_weight: 0.01}")

  package static let fields: [Field<Reduction>] = [
    .optional("operation", \.operation, "The function of the elements."),
    .optional("axis", \.axis, "The first axis that the sum covers; negative counts from the end."),
    .optional("coeff", \.coefficient, .within(-1e6...1e6), "The factor of the result."),
  ]

  /// - Throws: ``ShapeFailure`` if the axis does not exist, or if the sum covers no element.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    if input.axis(axis) == 0 {
      guard input.count(in: 1..<input.rank) > 0 else {
        throw ShapeFailure("the axes from axis \(axis) on are empty: expected values to reduce")
      }
      return [Shape([input[0]])]
    }
    let axis = try input.classAxis(axis)
    guard input.count(in: axis..<input.rank) > 0 else {
      throw ShapeFailure("the axes from axis \(axis) on are empty: expected values to reduce")
    }
    return [Shape(Array(input.axes[..<axis]))]
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    2 * Double(inputs[0].count)
  }

  /// The kernel's function. The factor turns a sum into a mean.
  private var function: ReductionFunction {
    switch operation {
    case .sum, .mean: .sum
    case .absoluteSum: .absoluteSum
    case .squareSum: .squareSum
    }
  }

  /// Returns the rows of an example, the elements of a row, and the factor of their sums.
  private func rows(_ pass: ForwardPass) -> (count: Int, width: Int, factor: Double) {
    let (input, output) = (pass.inputShapes[0], pass.outputShapes[0])
    let width = input.count(in: output.rank..<input.rank)
    let examples = input.axis(axis) == 0 ? Double(pass.phase.objectiveBatchSize) : 1
    return (
      output.example.count, width,
      operation == .mean ? coefficient / (Double(width) * examples) : coefficient
    )
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, function, rows) = (pass.inputs[0], pass.outputs[0], function, rows(pass))
    plan.record("reduction", reads: [x], writes: [y]) { binding in
      rowReduction(
        function, times: rows.factor, of: binding.floats(x),
        rows: binding.examples.count * rows.count, width: rows.width, to: binding.floats(y))
    }
  }

  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let (x, function, rows) = (pass.inputs[0], function, rows(pass.forward))
    plan.record("reduction gradient", reads: [x, dy], writes: [dx]) { binding in
      rowReductionGradient(
        function, times: rows.factor, of: binding.floats(x),
        rows: binding.examples.count * rows.count, width: rows.width, dy: binding.floats(dy),
        to: binding.floats(dx))
    }
  }
}
