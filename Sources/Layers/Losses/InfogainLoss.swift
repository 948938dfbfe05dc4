package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// L = −(1/M)·Σ Σ_k H[y, k]·log softmax(x)[k], y the label of a position
///
/// x is [N, C, …], and the labels are [N, …]. H is [C, C] in the field `matrix`, or a third bottom
/// [N, C, C] with a matrix for each example. L is a scalar. ∂x_j = (p_j·Σ_k H[y, k] − H[y, j]) / M.
/// Labels and matrices have no gradient.
///
/// H[y, k] is the gain of predicting k if y is right. The identity gives the cross entropy. As in
/// Caffe, the layer contains its own softmax.
///
/// The logarithm is exact. Caffe computes the logarithm of max(p, 10⁻²⁰), which `log_floor: 1e-20`
/// reproduces. A floor does not change the gradient.
package struct InfogainLoss: NormalizedLoss, ClassScoring {
  /// The axis of the classes; a negative number counts from the end.
  package var axis = 1
  /// The label of the positions that the layer ignores. Nil if it ignores none.
  package var ignoredLabel: Int?
  /// The rows of H, one for each label. Nil if a third bottom holds H.
  var matrix: [[Double]]?
  /// The least probability in a logarithm. 0 gives the exact logarithm.
  var floor = 0.0
  /// The divisor of the sum.
  package var normalization = LossNormalization.valid

  package init() {}

  package static let reference = Reference(
    "InfogainLoss",
    formula: "L = −(1/M)·Σ Σ_k H[y, k]·log softmax(x)[k]",
    discussion: """
      Bottoms: scores [N, C, …], labels [N, …], and, without the field matrix, a matrix H for each
      example [N, C, C]. H[y, k] is the gain of predicting k if y is right; the identity is the
      cross entropy. `log_floor: 1e-20` limits the logarithm as in Caffe and leaves the gradient
      unchanged.
      """,
    example: "{name: loss, type: InfogainLoss, matrix: [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]}")

  package static let fields: [Field<InfogainLoss>] = [
    .classAxis(\.axis),
    .ignoredLabel(\.ignoredLabel),
    .optional(
      "matrix", \.matrix, .given(gains),
      "The rows of H, one for each label. Default: the third bottom."),
    .logFloor(\.floor),
    .normalization(\.normalization),
  ]

  /// The values that the field `matrix` accepts.
  private static let gains = Constraint<[[Double]]>.list(
    "a list of rows, each a list of numbers from -1000000 to 1000000",
    of: .list("a list of numbers from -1000000 to 1000000", of: .within(-1e6...1e6)),
    allows: { !$0.isEmpty })

  package var inputCount: ClosedRange<Int> { 2...3 }

  /// Neither labels nor gains have a gradient.
  package var constantBottoms: [(bottom: Int, name: String)] { [(1, "labels"), (2, "gains")] }

  package var inconsistency: String? {
    guard let matrix, let row = matrix.first(where: { $0.count != matrix.count }) else {
      return nil
    }
    return "matrix: expected as many columns as its \(matrix.count) rows, received a row of "
      + "\(row.count)"
  }

  /// - Throws: ``ShapeFailure`` if scores and labels do not fit, if there is not exactly one
  ///   matrix, or if the matrix does not fit the classes.
  package func check(_ inputs: [Shape]) throws(ShapeFailure) {
    try inputs.checkClassLabels(axis: axis)
    let classes = classCount(inputs[0]) ?? 0
    switch (matrix, inputs.count) {
    case (let matrix?, 2):
      guard matrix.count != classes else { return }
      throw ShapeFailure(
        "matrix: expected \(classes) rows, one for each class, received \(matrix.count)")
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

  /// Returns a reader of the gains of a slice.
  private func gains(_ pass: ForwardPass) -> @Sendable (Binding) -> InfogainMatrix {
    guard let matrix else {
      let slot = pass.inputs[2]
      return { .each($0.floats(slot)) }
    }
    let values = Array(matrix.joined())
    return { _ in .constant(values) }
  }

  /// Records the loss, and returns the slot of the probabilities.
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

  /// Records ∂x from the probabilities that forward kept.
  package func backward(
    _ pass: inout BackwardPass, weight: Double, _ p: Slot, _ plan: inout PlanBuilder
  ) {
    let (labels, gains) = (classLabels(pass), gains(pass.forward))
    recordGradient(
      "infogain loss gradient", ofBottom: 0, reads: [p] + pass.inputs.dropFirst(), weight, pass,
      &plan
    ) { binding, scale, dx in
      infogainLossGradient(
        probabilities: binding.floats(p), labels(binding), gains(binding), scale, to: dx)
    }
  }
}
