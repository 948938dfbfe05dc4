internal import Kernels

/// The coefficients of a regularizer, which adds l2·w + l1·sign w to the gradient.
package struct Decay: Sendable, Equatable {
  package let l1: Double
  package let l2: Double

  package init(l1: Double, l2: Double) {
    self.l1 = l1
    self.l2 = l2
  }
}
