internal import Functions
internal import Kernels

/// Sums squares in double precision, in the order of the elements.
struct SquareSums {
  private var sums = SIMD8<Double>(repeating: 0)

  @inline(__always)
  mutating func add(_ vector: Lanes.Vector) {
    let wide = SIMD8<Double>(vector)
    sums += wide * wide
  }

  var total: Double { sums.pairwiseSum }
}
