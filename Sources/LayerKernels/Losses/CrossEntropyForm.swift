internal import Functions

/// The treatment of classes by a cross entropy: label smoothing ε, class weights and a floor.
///
/// An empty list of weights gives every class the weight 1. The floor is a lower bound of each
/// probability; 0 disables it.
package struct CrossEntropyForm: Sendable {
  let smoothing: Double
  let weights: [Double]
  /// −log of the floor.
  let limit: Double

  package init(smoothing: Double = 0, weights: [Double] = [], floor: Double = 0) {
    self.smoothing = smoothing
    self.weights = weights
    limit = -logarithm(floor)
  }

  var isPlain: Bool { smoothing == 0 && weights.isEmpty }

  @inline(__always)
  func weight(_ index: Int) -> Double { weights.isEmpty ? 1 : weights[index] }
}
