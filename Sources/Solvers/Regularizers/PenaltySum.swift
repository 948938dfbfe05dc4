package import Kernels

/// sum = l1·Σ |w| + (l2/2)·Σ w²: the part of one tile of a parameter in the objective, in double precision.
package struct PenaltySum: Kernel {
  private let value: FloatView
  private let decay: Decay
  private let sum: DoubleView

  /// - Parameters:
  ///   - value: a multiple of ``UpdateOperands/width`` elements.
  ///   - decay: the parameter's own.
  package init(of value: FloatView, decay: Decay, to sum: DoubleView) {
    self.value = value
    self.decay = decay
    self.sum = sum.checked(1)
  }

  package func run() {
    let lanes = Lanes(value)
    var (sizes, squares) = (SIMD8<Double>(repeating: 0), SquareSums())
    for index in stride(from: 0, to: value.count, by: Lanes.Vector.scalarCount) {
      let vector = lanes[index]
      sizes += SIMD8<Double>(vector.replacing(with: -vector, where: vector .< 0))
      squares.add(vector)
    }
    sum[0] = decay.l1 * sizes.sum() + decay.l2 / 2 * squares.total
  }
}
