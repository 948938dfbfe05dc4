package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = (1/2N)·Σ (x − y)²
///
/// x (prediction) and y (target) are [N, …] with the same number of values; L is a scalar. ∂x = (x
/// − y) / N and ∂y = −∂x, if the bottom depends on parameters.
///
/// N is the size of the whole batch, for any division into slices. As in Caffe, the loss of an
/// example is summed over its values. It is not the mean over all values.
///
/// With weights of examples, N is their sum, and each example counts with its weight.
///
/// The gradient grows with the error, so that outliers dominate it. ``HuberLoss`` limits their
/// effect.
package struct EuclideanLoss: Loss {
  package init() {}

  package var growsWithTargets: Bool { true }

  package static let reference = Reference(
    "EuclideanLoss",
    formula: "L = (1/2N)·Σ (x − y)²",
    discussion: """
      Bottoms: prediction and target, of the same shape. Half the squared error, summed over the
      values of an example and averaged over the N examples, as in Caffe. It is not the mean over
      all values. Both bottoms may depend on parameters.
      """,
    example: "{name: loss, type: EuclideanLoss, bottom: [ip2, label]}")

  package static let fields: [Field<EuclideanLoss>] = []

  /// - Throws: ``ShapeFailure`` if prediction and target differ in size.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkSameSize() }

  package func statisticCount(_ inputs: [Shape]) -> Int { 2 }

  package func value(of statistics: [Double]) -> Double {
    statistics[0] / (statistics[1] > 0 ? statistics[1] : 1)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, width) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0].example.count)
    let weights = pass.weightReader
    recordStatistics("squared error", pass, &plan) { binding, statistics in
      squaredError(
        binding.floats(x), binding.floats(y), statistics: statistics,
        examples: binding.examples.count, width: width, weights: weights(binding))
    }
  }

  package func backward(
    _ pass: inout BackwardPass, weight: Double, _: Void, _ plan: inout PlanBuilder
  ) {
    recordGradient(of: 0, weight, pass, &plan)
    recordGradient(of: 1, weight, pass, &plan)
  }

  /// Records the gradient of one bottom: its difference from the other, divided by N.
  private func recordGradient(
    of bottom: Int, _ weight: Double, _ pass: BackwardPass, _ plan: inout PlanBuilder
  ) {
    guard let gradient = pass.inputGradients[bottom] else { return }
    let (a, b, total) = (pass.inputs[bottom], pass.inputs[1 - bottom], pass.outputs[0])
    let width = pass.inputShapes[0].example.count
    recordWeighted(gradient, pass, &plan) { result, plan in
      plan.record("squared error gradient", reads: [a, b, total], writes: [result]) { binding in
        squaredErrorGradient(
          binding.floats(a), binding.floats(b), statistics: binding.doubles(total),
          to: binding.floats(result), weight: weight, count: binding.examples.count * width)
      }
    }
  }
}

extension [Shape] {
  /// Checks that both bottoms have the same number of examples and values.
  ///
  /// - Throws: ``ShapeFailure`` with both shapes.
  func checkSameSize() throws(ShapeFailure) {
    guard self[0].rank >= 1, self[1].rank >= 1, self[0][0] == self[1][0],
      self[0].count == self[1].count
    else {
      throw ShapeFailure(
        "prediction \(self[0].description) and target \(self[1].description) differ in size")
    }
  }
}
