package import Kernels

/// The gains H of predictions: one classes × classes matrix for all examples, or one for each.
package enum InfogainMatrix: Sendable {
  case constant([Double])
  case each(FloatView)

  /// Returns H[label, k] for an example.
  @inline(__always)
  func gain(_ label: Int, _ k: Int, example: Int, classes: Int) -> Double {
    let place = label &* classes &+ k
    return switch self {
    case .constant(let values): values[place]
    case .each(let view): Double(view[example &* classes &* classes &+ place])
    }
  }
}

extension InfogainMatrix {
  /// Returns the matrix after a check that it holds a gain for every pair of classes.
  func checked(_ labels: ClassLabels) -> InfogainMatrix {
    let count = labels.extent.axis * labels.extent.axis
    switch self {
    case .constant(let values):
      precondition(values.count >= count, "the matrix has too few classes")
    case .each(let view): _ = view.checked(labels.examples * count)
    }
    return self
  }
}
