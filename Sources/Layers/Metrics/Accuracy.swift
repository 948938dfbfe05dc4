internal import Kernels
package import Plans
package import Tensors
package import YAML

/// The share of positions whose greatest score is that of the label's class
///
/// Scores are [N, C, …], labels [N, …]; the value is a scalar. Of equal scores the lowest class counts as the greatest,
/// as argmax does; Caffe counts a tie as a mistake.
package struct Accuracy: Metric, ClassScoring {
  package var axis = 1

  package init() {}

  package static let reference = Reference(
    "Accuracy",
    formula: "(1/M)·Σ [argmax x = label]",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …]. Of equal scores the lowest class counts as the greatest, as argmax
      does; Caffe counts every tie as a mistake, so that all-equal scores have accuracy 0 there and 1/C here.
      Over a test set: the exact share of all its examples.
      """,
    example: "{name: accuracy, type: Accuracy, phase: test}")

  package static let fields: [Field<Accuracy>] = [
    .optional("axis", \.axis, "The axis of the classes; negative counts from the end.")
  ]

  package var isBetterWhenGreater: Bool { true }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
  }

  package func statisticCount(_ inputs: [Shape]) -> Int { 2 }

  package func value(of statistics: [Double]) -> Double { statistics[0] / max(statistics[1], 1) }

  package func forward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    let (x, label, shape, axis) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0], axis)
    recordStatistics("accuracy", pass, &plan) { binding, statistics in
      ArgmaxMatch(
        binding.floats(x), label: binding.floats(label), statistics: statistics,
        shape.extent(ofAxis: axis, examples: binding.examples.count))
    }
  }
}
