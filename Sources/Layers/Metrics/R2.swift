internal import Kernels
package import Plans
package import Tensors
package import YAML

/// R² = 1 − Σ (x − y)² / Σ (y − ȳ)²
///
/// x (prediction) and y (target) are [N, …]; ȳ is the mean of each of the target's columns over all examples. The value
/// is a scalar: 1 for a perfect prediction, 0 for predicting the mean, NaN for a target without variance.
///
/// The sums are kept in double precision and added over all batches before the quotient is taken.
package struct R2: Metric {
  package init() {}

  package static let reference = Reference(
    "R2",
    formula: "R² = 1 − Σ (x − y)² / Σ (y − ȳ)²",
    discussion: """
      Bottoms: prediction and target, of the same shape. The coefficient of determination: 1 is perfect, 0 as good as
      predicting the mean. Exact over all examples of a test set.
      """,
    example: "{name: r2, type: R2, phase: test}")

  package static let fields: [Field<R2>] = []

  package var isBetterWhenGreater: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkSameSize() }

  package func statisticCount(_ inputs: [Shape]) -> Int { 2 + 2 * inputs[0].example.count }

  package func value(of statistics: [Double]) -> Double {
    let count = statistics[0]
    var variance = 0.0
    for column in stride(from: 2, to: statistics.count, by: 2) {
      let (sum, squares) = (statistics[column], statistics[column + 1])
      let difference = squares - sum * sum / count
      // Of equal targets rounding leaves up to this much.
      if difference > squares * count * 0x1p-52 { variance += difference }
    }
    return variance > 0 ? 1 - statistics[1] / variance : .nan
  }

  package func forward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    let (x, y, width) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0].example.count)
    recordStatistics("variances", pass, &plan) { binding, statistics in
      VarianceSums(
        binding.floats(x), binding.floats(y), statistics: statistics,
        examples: binding.examples.count, width: width)
    }
  }
}
