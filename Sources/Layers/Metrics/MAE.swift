package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// (1/M)·Σ |x − y|: the mean absolute error
///
/// x (prediction) and y (target) are [N, …], with M values in total. The value, a scalar, is exact
/// over all examples of a test set. It is not a mean of batch means.
///
/// The value has the unit of the target. All errors weigh the same, unlike in ``RMSE``.
package struct MAE: Metric {
  package init() {}

  package static let reference = Reference(
    "MAE",
    formula: "(1/M)·Σ |x − y|",
    discussion: """
      Bottoms: prediction and target, of the same shape. The mean absolute error over all values of all examples of a
      test set.
      """,
    example: "{name: mae, type: MAE, phase: test}")

  package static let fields: [Field<MAE>] = []

  package var isBetterWhenGreater: Bool { false }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkSameSize() }

  package func statisticCount(_ inputs: [Shape]) -> Int { LossSums.count }

  package func value(of statistics: [Double]) -> Double {
    LossDivisor.positions.loss(of: statistics)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, width) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0].example.count)
    recordStatistics("absolute error", pass, &plan) { binding, sums in
      pairLossSum(
        .absolute, binding.floats(x), binding.floats(y), sums: sums,
        examples: binding.examples.count, width: width)
    }
  }
}
