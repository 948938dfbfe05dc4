package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// L = −(1/M)·Σ Σ_k H[y, k]·log softmax(x)[k], y the label of a position
///
/// x is [N, C, …], label [N, …]; H is [C, C], in the field `matrix`, or a third bottom [N, C, C] with a matrix for each
/// example. L is a scalar. ∂x_j = (p_j·Σ_k H[y, k] − H[y, j]) / M; labels and matrices have no gradient.
///
/// H[y, k] is what is gained by predicting k where y is right: the identity makes it the cross entropy. As in Caffe it
/// includes its own softmax; the logarithm is exact where Caffe's ends at 10⁻²⁰: `log_floor: 1e-20`, which changes no
/// gradient.
package struct InfogainLoss: NormalizedLoss, ClassScoring {
  package var axis = 1
  package var ignoredLabel: Int?
  var matrix: [[Double]]?
  var floor = 0.0
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "InfogainLoss",
    formula: "L = −(1/M)·Σ Σ_k H[y, k]·log softmax(x)[k]",
    discussion: """
      Bottoms: scores [N, C, …], labels [N, …], and, where matrix is not stated, a matrix H for each example
      [N, C, C]. H[y, k] is what is gained by predicting k where y is right; the identity is the cross entropy.
      Caffe's logarithm ends at log_floor: 1e-20, which leaves the gradient as it is.
      """,
    example: "{name: loss, type: InfogainLoss, matrix: [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]}")

  package static let fields: [Field<InfogainLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .optional(
      "matrix", \.matrix, .given(gains),
      "The rows of H, one a label. Default: the third bottom."),
    .logFloor(\.floor),
    .normalization(\.normalization),
  ]

  private static let gains = Constraint<[[Double]]>.list(
    "a list of rows, each a list of numbers from -1000000 to 1000000",
    of: .list("a list of numbers from -1000000 to 1000000", of: .within(-1e6...1e6)),
    allows: { !$0.isEmpty })

  package var inputCount: ClosedRange<Int> { 2...3 }

  package var constantBottoms: [(bottom: Int, name: String)] { [(1, "labels"), (2, "gains")] }

  package var inconsistency: String? {
    guard let matrix, let row = matrix.first(where: { $0.count != matrix.count }) else {
      return nil
    }
    return "matrix: expected as many columns as its \(matrix.count) rows, received a row of "
      + "\(row.count)"
  }

  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
    let classes = classCount(inputs[0]) ?? 0
    switch (matrix, inputs.count) {
    case (let matrix?, 2):
      guard matrix.count != classes else { return }
      throw ShapeFailure(
        "matrix: expected \(classes) rows, one a class, received \(matrix.count)")
    case (nil, 3):
      let needed = Shape(checking: [inputs[0][0], classes, classes])
      guard inputs[2][0] != inputs[0][0] || inputs[2].count != needed?.count else { return }
      throw ShapeFailure(
        "expected a matrix for each example, \(inputs[0][0])x\(classes)x\(classes), as third "
          + "bottom, received \(inputs[2].description)")
    case (nil, _): throw ShapeFailure("expected a matrix, or a third bottom with one")
    default: throw ShapeFailure("expected a matrix or a third bottom with one, not both")
    }
  }

  /// How a slice's gains are read.
  private func gains(_ pass: ForwardPass) -> @Sendable (Binding) -> InfogainMatrix {
    guard let matrix else {
      let slot = pass.inputs[2]
      return { .each($0.floats(slot)) }
    }
    let values = Array(matrix.joined())
    return { _ in .constant(values) }
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot {
    let (x, labels, gains) = (pass.inputs[0], classLabels(pass), gains(pass))
    let floor = floor
    let p = plan.batchSlot("probabilities", pass.inputShapes[0])
    recordStatistics("infogain loss", pass, &plan, writes: [p]) { binding, sums in
      infogainLoss(
        binding.floats(x), labels(binding), gains(binding), probabilities: binding.floats(p),
        sums: sums, floor: floor)
    }
    return p
  }

  package func backward(
    _ pass: inout BackwardPass, weight: Double, _ p: Slot, _ plan: inout PlanBuilder
  ) {
    let (labels, gains) = (classLabels(pass.forward), gains(pass.forward))
    recordGradient(
      "infogain loss gradient", ofBottom: 0, reads: [p] + pass.inputs.dropFirst(), weight, pass,
      &plan
    ) { binding, scale, dx in
      infogainLossGradient(
        probabilities: binding.floats(p), labels(binding), gains(binding), scale, to: dx)
    }
  }
}
