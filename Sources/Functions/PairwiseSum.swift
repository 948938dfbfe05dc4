// The sum of a vector's elements in a written order. `SIMD.sum()` leaves the order to the standard
// library, whose next version may choose another.

extension SIMD4 where Scalar == Float {
  /// (x₀ + x₂) + (x₁ + x₃)
  @inlinable @inline(__always)
  public var pairwiseSum: Float { (self[0] + self[2]) + (self[1] + self[3]) }
}

extension SIMD4 where Scalar == Double {
  /// (x₀ + x₂) + (x₁ + x₃)
  @inlinable @inline(__always)
  public var pairwiseSum: Double { (self[0] + self[2]) + (self[1] + self[3]) }
}

extension SIMD8 where Scalar == Float {
  /// The sum of both halves, and then of their elements.
  @inlinable @inline(__always)
  public var pairwiseSum: Float { (lowHalf + highHalf).pairwiseSum }
}

extension SIMD8 where Scalar == Double {
  /// The sum of both halves, and then of their elements.
  @inlinable @inline(__always)
  public var pairwiseSum: Double { (lowHalf + highHalf).pairwiseSum }
}

extension SIMD16 where Scalar == Float {
  /// The sum of both halves, and then of their elements.
  @inlinable @inline(__always)
  public var pairwiseSum: Float { (lowHalf + highHalf).pairwiseSum }
}

extension SIMD16 where Scalar == Double {
  /// The sum of both halves, and then of their elements.
  @inlinable @inline(__always)
  public var pairwiseSum: Double { (lowHalf + highHalf).pairwiseSum }
}
