package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// √((1/M)·Σ (x − y)²): the root of the mean squared error
///
/// x (prediction) and y (target) are [N, …], with M values in total. The value is a scalar. The
/// metric takes the root once, from the sum over all examples of a test set.
///
/// The value has the unit of the target. Large errors weigh more than in ``MAE``.
package struct RMSE: Metric {
  package init() {}

  package static let reference = Reference(
    "RMSE",
    formula: "√((1/M)·Σ (x − y)²)",
    discussion: """
      Bottoms: prediction and target, of the same shape. The root of the mean squared error over all values of all
      examples of a test set.
      """,
    example: "{name: rmse, type: RMSE, phase: test}")

  package static let fields: [Field<RMSE>] = []

  package var isBetterWhenGreater: Bool { false }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkSameSize() }

  package func statisticCount(_ inputs: [Shape]) -> Int { LossSums.count }

  package func value(of statistics: [Double]) -> Double {
    LossDivisor.positions.loss(of: statistics).squareRoot()
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, width) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0].example.count)
    recordStatistics("squared error", pass, &plan) { binding, sums in
      pairLossSum(
        .squared, binding.floats(x), binding.floats(y), sums: sums,
        examples: binding.examples.count, width: width)
    }
  }
}
