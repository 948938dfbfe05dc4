internal import Functions
package import Kernels

/// sum = l1·Σ |w| + (l2/2)·Σ w², the penalty on one tile of a parameter
///
/// The kernel sums in double precision, in a fixed order. The sums of all tiles add up to the
/// regularizers' share of the objective.
///
/// - Parameters:
///   - value: the tile; its count is a multiple of ``UpdateOperands/width``.
///   - decay: the coefficients for this parameter.
///   - sum: one element for the result.
package func penaltySum(of value: FloatView, decay: Decay, to sum: DoubleView) -> some Kernel {
  let sum = sum.checked(1)
  return PreparedLoop {
    let lanes = Lanes(value)
    var (sizes, squares) = (SIMD8<Double>(repeating: 0), SquareSums())
    for index in stride(from: 0, to: value.count, by: Lanes.Vector.scalarCount) {
      let vector = lanes[index]
      sizes += SIMD8<Double>(vector.replacing(with: -vector, where: vector .< 0))
      squares.add(vector)
    }
    sum[0] = decay.l1 * sizes.pairwiseSum + decay.l2 / 2 * squares.total
  }
}
