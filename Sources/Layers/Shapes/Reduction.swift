package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = coeff · Σ f(x) over the last axes
///
/// f is x, |x|, x², or for the mean x divided by the elements of the sum. [N, …] becomes [N] with `axis: 1`. ∂x is
/// coeff·∂y, times the sign of x, 2·x, or 1 by the elements. Sums are made in double precision.
///
/// With `axis: 0` too y is [N]: the parts that the examples have in Caffe's one number, which is their sum, and what a
/// `loss_weight` minimises. Only the mean differs from `axis: 1`, since it is divided by the examples too.
package struct Reduction: Layer {
  /// What a reduction makes of its elements; the names are Caffe's.
  package enum Operation: String, FieldChoice {
    case sum = "SUM"
    case absoluteSum = "ASUM"
    case squareSum = "SUMSQ"
    case mean = "MEAN"
  }

  var operation = Operation.sum
  var axis = 1
  var coefficient = 1.0

  package init() {}

  package static let reference = Reference(
    "Reduction",
    formula: "y = coeff · Σ f(x) over the last axes",
    discussion: """
      `operation` SUM adds x, ASUM |x|, SUMSQ x²; MEAN is the mean. The axes from `axis` on are gone afterwards. Caffe's
      default is axis 0, which sums over the examples too: here the top is then [N], what each example adds to Caffe's
      number, and a `loss_weight` minimises the sum. A MEAN is divided by the examples of the batch, in testing by
      those of a full training batch.
      """,
    example: "{name: penalty, type: Reduction, operation: SUMSQ, coeff: 0.5, loss_weight: 0.01}")

  package static let fields: [Field<Reduction>] = [
    .optional("operation", \.operation, "What is made of the elements."),
    .optional("axis", \.axis, "The first axis that is summed over; negative counts from the end."),
    .optional("coeff", \.coefficient, .within(-1e6...1e6), "The factor of the result."),
  ]

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    let input = inputs[0]
    if input.axis(axis) == 0 {
      guard input.count(in: 1..<input.rank) > 0 else {
        throw ShapeFailure("there is nothing to reduce from axis \(axis) on")
      }
      return [Shape([input[0]])]
    }
    let axis = try input.classAxis(axis)
    guard input.count(in: axis..<input.rank) > 0 else {
      throw ShapeFailure("there is nothing to reduce from axis \(axis) on")
    }
    return [Shape(Array(input.axes[..<axis]))]
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    2 * Double(inputs[0].count)
  }

  private var function: ReductionFunction {
    switch operation {
    case .sum, .mean: .sum
    case .absoluteSum: .absoluteSum
    case .squareSum: .squareSum
    }
  }

  /// Of an example: how many rows of how many elements, and the factor of their sums.
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
