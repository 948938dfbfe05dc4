import Kernels
import Oracles

extension ConvolutionShape {
  /// Fuses random steps that follow a convolution of images.
  mutating func fuseRandomSteps(_ numbers: inout SeededNumbers) {
    guard direction != .backwardWeights else { return }
    hasBias = direction == .forward && Bool.random(using: &numbers)
    hasAddend = Bool.random(using: &numbers)
    let slopes: [Float?] = [nil, 0, 0.25]
    let slope = slopes[Int.random(in: 0..<slopes.count, using: &numbers)]
    if Bool.random(using: &numbers) {
      nonlinearity = slope.map { .relu(slope: $0) }
    } else {
      maskSlope = slope
    }
  }
}

/// The gradient of a ReLU by plain arithmetic.
///
/// - Parameter value: the value of the ReLU.
func masked(_ gradient: Float, by value: Float, slope: Float) -> Float {
  value > 0 ? gradient : gradient * slope
}
