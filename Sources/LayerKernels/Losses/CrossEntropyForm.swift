internal import Glibc

/// How a cross entropy treats classes: smoothing ε, a weight for each class (none: 1), and the least probability
/// whose logarithm is taken (0: any).
package struct CrossEntropyForm: Sendable {
  let smoothing: Double
  let weights: [Double]
  /// −log of the floor.
  let limit: Double

  package init(smoothing: Double = 0, weights: [Double] = [], floor: Double = 0) {
    self.smoothing = smoothing
    self.weights = weights
    limit = -log(floor)
  }

  var isPlain: Bool { smoothing == 0 && weights.isEmpty }

  @inline(__always)
  func weight(_ index: Int) -> Double { weights.isEmpty ? 1 : weights[index] }
}
