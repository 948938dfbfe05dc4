package import Kernels

/// scale ← scale · min(1, limit / ‖g‖), g being the whole raw gradient
///
/// ‖g‖ is the Euclidean norm over all trainable parameters, before division by `iter_size` and before decay, as in
/// Caffe.
///
/// Reference: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", 2013.
package struct GradientClipping: Kernel {
  private let squares: [DoubleView]
  private let limit: Double
  private let rates: DoubleView

  /// - Parameter squares: sums of squares whose sum is ‖g‖².
  package init(squares: [DoubleView], limit: Double, rates: DoubleView) {
    self.squares = squares
    self.limit = limit
    self.rates = rates.checked(UpdateRates.count)
  }

  package func run() {
    var sum = 0.0
    for part in squares {
      for index in 0..<part.count { sum += part[index] }
    }
    let norm = sum.squareRoot()
    if norm > limit { rates[UpdateRates.gradientScale] *= limit / norm }
  }
}
