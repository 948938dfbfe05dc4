internal import Kernels
package import Plans
package import Tensors
package import YAML

/// L = −(1/M)·Σ log softmax(x)[label]
///
/// x is [N, C, …], label [N, …] with a class 0 … C−1 at each of the M positions; L is a scalar.
/// ∂x = (softmax(x) − onehot(label)) / M. M counts the positions of the whole batch, whatever its slices.
///
/// The logarithm is taken of the sum of exponentials, so the loss of a certain mistake is exact; Caffe's saturates at
/// 87.34, the logarithm of the smallest float.
package struct SoftmaxWithLoss: Loss, ClassScoring {
  package var axis = 1

  package init() {}

  package static let reference = Reference(
    "SoftmaxWithLoss",
    formula: "L = −(1/M)·Σ log softmax(x)[label]",
    discussion: """
      Bottoms: scores [N, C, …] and labels [N, …], classes counted from 0. The mean over all positions of the batch
      (Caffe's VALID). The loss is exact where Caffe's saturates at 87.34.
      """,
    example: "{name: loss, type: SoftmaxWithLoss, bottom: [ip2, label]}")

  package static let fields: [Field<SoftmaxWithLoss>] = [
    .optional("axis", \.axis, "The axis of the classes; negative counts from the end.")
  ]

  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
  }

  package func statisticCount(_ inputs: [Shape]) -> Int { 2 }

  package func value(of statistics: [Double]) -> Double { statistics[0] / max(statistics[1], 1) }

  package func forward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    let (x, label, shape, axis) = (pass.inputs[0], pass.inputs[1], pass.inputShapes[0], axis)
    let p = plan.batchSlot("probabilities", shape)
    pass.saved["probabilities"] = p
    recordStatistics("softmax loss", pass, &plan, writes: [p]) { binding, statistics in
      CrossEntropy(
        binding.floats(x), label: binding.floats(label), probabilities: binding.floats(p),
        statistics: statistics, shape.extent(ofAxis: axis, examples: binding.examples.count))
    }
  }

  package func backward(_ pass: inout LayerPass, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let p = pass.saved["probabilities"] else { return }
    let (label, total) = (pass.inputs[1], pass.statistics.total)
    let (shape, axis, weight) = (pass.inputShapes[0], axis, pass.lossWeight)
    plan.record("softmax loss gradient", reads: [p, label, total], writes: [dx]) { binding in
      CrossEntropyGradient(
        probabilities: binding.floats(p), label: binding.floats(label),
        statistics: binding.doubles(total), to: binding.floats(dx), weight: weight,
        shape.extent(ofAxis: axis, examples: binding.examples.count))
    }
  }
}

extension [Shape] {
  /// The first is [N, C, …] with the classes along `axis`, the second the same without that axis: class labels.
  ///
  /// - Throws: ``ShapeFailure`` with both shapes.
  func checkClassLabels(axis: Int) throws(ShapeFailure) {
    let (scores, labels) = (self[0], self[1])
    let axis = try scores.classAxis(axis)
    let expected = Shape([Int](scores.axes[..<axis] + scores.axes[(axis + 1)...]))
    guard labels.count == expected.count, labels.rank >= 1, labels[0] == scores[0] else {
      throw ShapeFailure(
        "scores \(scores.description) need labels \(expected.description) (one class for each position), received "
          + labels.description)
    }
  }
}
