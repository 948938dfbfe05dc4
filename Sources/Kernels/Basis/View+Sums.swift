public import Functions

extension View where Element == Float {
  /// Σ x of `count` elements from `start`, in double precision.
  ///
  /// Two vectors of eight sums alternate.
  @inlinable @inline(__always)
  public func doubleSum(from start: Int, count: Int) -> Double {
    var (even, odd) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
    var index = start
    let end = start &+ count
    while index &+ 16 <= end {
      even += SIMD8<Double>(load8(index))
      odd += SIMD8<Double>(load8(index &+ 8))
      index &+= 16
    }
    var sum = (even + odd).pairwiseSum
    while index < end {
      sum += Double(self[index])
      index &+= 1
    }
    return sum
  }

  /// Σ (x − mean)² of `count` elements from `start`, in double precision.
  @inlinable @inline(__always)
  public func squareSum(around mean: Double, from start: Int, count: Int) -> Double {
    var (even, odd) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
    var index = start
    let end = start &+ count
    while index &+ 16 <= end {
      let first = SIMD8<Double>(load8(index)) - mean
      let second = SIMD8<Double>(load8(index &+ 8)) - mean
      even += first * first
      odd += second * second
      index &+= 16
    }
    var sum = (even + odd).pairwiseSum
    while index < end {
      let difference = Double(self[index]) - mean
      sum += difference * difference
      index &+= 1
    }
    return sum
  }
}
