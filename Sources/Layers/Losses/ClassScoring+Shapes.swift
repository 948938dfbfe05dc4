internal import Tensors

extension ClassScoring {
  /// Checks that the bottoms are scores [N, C, …], and a class or, where the layer accepts them,
  /// probabilities for each position.
  ///
  /// - Throws: ``ShapeFailure`` with both shapes, or if a label is to be ignored among probabilities.
  func checkTargets(_ inputs: [Shape]) throws(ShapeFailure) {
    _ = try inputs[0].classAxis(axis)
    guard readsProbabilities(inputs) else {
      return try inputs.checkClassLabels(axis: axis, orProbabilities: acceptsProbabilities)
    }
    guard let ignoredLabel else { return }
    throw ShapeFailure(
      "ignore_label: expected none, since the targets are probabilities of the classes, received "
        + "\(ignoredLabel)")
  }
}

extension [Shape] {
  /// Checks that the first shape is [N, C, …], with the classes along `axis`, and that the second
  /// is the same without this axis.
  ///
  /// - Parameter orProbabilities: whether the layer also accepts the shape of the scores, which
  ///   the message then names.
  /// - Throws: ``ShapeFailure`` with both shapes.
  func checkClassLabels(
    axis: Int, orProbabilities: Bool = false
  ) throws(ShapeFailure) {
    let (scores, labels) = (self[0], self[1])
    let axis = try scores.classAxis(axis)
    let expected = Shape([Int](scores.axes[..<axis] + scores.axes[(axis + 1)...]))
    guard labels.count == expected.count, labels.rank >= 1, labels[0] == scores[0] else {
      let other = orProbabilities ? " or \(scores.description) (probabilities)" : ""
      throw ShapeFailure(
        "scores \(scores.description) need labels \(expected.description) (one class for each "
          + "position)\(other), received \(labels.description)")
    }
  }
}
