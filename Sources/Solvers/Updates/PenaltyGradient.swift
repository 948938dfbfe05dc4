internal import Kernels

/// The gradient of the penalty for eight weights: l2·w + l1·sign w.
struct PenaltyGradient {
  private let l1: Float
  private let l2: Float

  init(_ decay: Decay) {
    l1 = Float(decay.l1)
    l2 = Float(decay.l2)
  }

  @inline(__always)
  func callAsFunction(_ vector: Lanes.Vector) -> Lanes.Vector {
    var gradient = vector * l2
    if l1 != 0 {
      gradient.replace(with: gradient + l1, where: vector .> 0)
      gradient.replace(with: gradient - l1, where: vector .< 0)
    }
    return gradient
  }
}
