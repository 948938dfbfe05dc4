package import Kernels

/// The gains H of predictions: one matrix of classes × classes for all examples, or one for each.
package enum InfogainMatrix: Sendable {
  case constant([Double])
  case each(FloatView)

  /// H[label, k] at a position.
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
  /// The matrix, once it is known to hold a gain for every pair of classes.
  func checked(_ labels: ClassLabels) -> InfogainMatrix {
    let count = labels.extent.axis * labels.extent.axis
    switch self {
    case .constant(let values): precondition(values.count >= count, "a matrix of fewer classes")
    case .each(let view): _ = view.checked(labels.examples * count)
    }
    return self
  }
}
