package import Kernels

/// The weights of a slice's examples in a loss. Without weights every example has the weight 1.
package struct ExampleWeights: Sendable {
  private let values: FloatView?

  package init(_ values: FloatView?, examples: Int) { self.values = values?.checked(examples) }

  /// The weight 1 for every example.
  package static var equal: ExampleWeights { ExampleWeights(nil, examples: 0) }

  var areGiven: Bool { values != nil }

  @inline(__always)
  subscript(example: Int) -> Double { values.map { Double($0[example]) } ?? 1 }

  /// Returns the sum of the weights.
  func sum(examples: Int) -> Double {
    guard let values else { return Double(examples) }
    var sum = 0.0
    for example in 0..<examples { sum += Double(values[example]) }
    return sum
  }
}

extension View where Element == Double {
  /// Sets the sums of a loss. Each position counts with the weight of its example.
  ///
  /// - Parameters:
  ///   - total: the sum of the losses, each times its weight.
  ///   - valid: the sum of the weights of the positions that count.
  ///   - positions: the number of positions, which is the same in each example.
  func setLoss(
    _ total: Double, valid: Double, positions: Int, examples: Int, _ weights: ExampleWeights
  ) {
    let sum = weights.sum(examples: examples)
    self[LossSums.total] = total
    self[LossSums.valid] = valid
    self[LossSums.positions] = sum * Double(positions / Swift.max(1, examples))
    self[LossSums.examples] = sum
  }
}

/// The gradient of a loss with the weight of each example: dx_i = w_i·g_i.
///
/// - Parameter gradient: the gradient of the loss with equal weights, divided by the divisor of the
///   weighted loss.
package func weightedGradient(
  _ gradient: FloatView, _ weights: FloatView, to dx: FloatView, examples: Int, width: Int
) -> some Kernel {
  let (gradient, dx) = (gradient.checked(examples * width), dx.checked(examples * width))
  let weights = weights.checked(examples)
  return PreparedLoop {
    for example in 0..<examples {
      let weight = weights[example]
      for index in example &* width..<(example &+ 1) &* width {
        dx[index] = gradient[index] * weight
      }
    }
  }
}
