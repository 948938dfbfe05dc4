package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// R² = 1 − Σ (x − y)² / Σ (y − ȳ)²
///
/// x (prediction) and y (target) are [N, …]. ȳ is the mean of each column of the target over all
/// examples. The value, a scalar, is 1 for a perfect prediction and 0 for a prediction of the mean.
/// It is NaN for a target without variance.
///
/// The statistics hold the mean and Σ (y − ȳ)² of each column in double precision. The metric joins
/// the moments of slices and batches in order, and divides at the end. It therefore loses no
/// precision if the mean is large relative to the deviation.
///
/// Reference: S. Wright, "Correlation and causation", 1921.
package struct R2: Metric {
  package init() {}

  package static let reference = Reference(
    "R2",
    formula: "R² = 1 − Σ (x − y)² / Σ (y − ȳ)²",
    discussion: """
      Bottoms: prediction and target, of the same shape. The coefficient of determination: 1 is
      perfect, and 0 is as good as a prediction of the mean. Exact over all examples of a test set.
      """,
    example: "{name: r2, type: R2, phase: test}")

  package static let fields: [Field<R2>] = []

  package var isBetterWhenGreater: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkSameSize() }

  /// The statistics are N and Σ (x − y)², then ȳ and Σ (y − ȳ)² of each column.
  package func statisticCount(_ inputs: [Shape]) -> Int {
    varianceSumCount(width: inputs[0].example.count)
  }

  package func value(of statistics: [Double]) -> Double {
    var variance = 0.0
    for column in stride(from: 2, to: statistics.count, by: 2) {
      variance += statistics[column + 1]
    }
    return variance > 0 ? 1 - statistics[1] / variance : .nan
  }

  /// Joins the moments of further examples by Chan's formula.
  package func join(_ statistics: [Double], to total: inout [Double]) {
    for column in stride(from: 2, to: total.count, by: 2) {
      var moments = Moments()
      for part in [total, statistics] {
        moments.join(count: part[0], mean: part[column], squares: part[column + 1])
      }
      (total[column], total[column + 1]) = (moments.mean, moments.squares)
    }
    for place in 0..<2 { total[place] += statistics[place] }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, width) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0].example.count)
    recordStatistics("variances", pass, &plan, joinedBy: joinedVarianceSums) {
      binding, statistics in
      varianceSums(
        binding.floats(x), binding.floats(y), statistics: statistics,
        examples: binding.examples.count, width: width)
    }
  }
}
