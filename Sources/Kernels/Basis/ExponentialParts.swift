/// The parts that the exponential functions share.
@usableFromInline
enum ExponentialParts {
  /// Clamps x to the bounds. NaN stays NaN.
  @inlinable @inline(__always)
  static func clamped(_ x: Float, to low: Float, _ high: Float) -> Float {
    let above = x < low ? low : x
    return above > high ? high : above
  }

  /// Splits x, and returns n and eʳ − 1.
  @inlinable @inline(__always)
  static func split(_ x: Float) -> (n: Int32, part: Float) {
    // Adding 1.5·2²³ rounds to the nearest integer, which then stands in the low bits.
    let magic: Float = 12_582_912
    let shifted = x * 1.442_695_04 + magic
    let n = shifted - magic
    // Two parts form ln 2. The first has 9 bits, so that its product with n is exact.
    let r = (x - n * 0.693_359_375) - n * -2.121_944_4e-4
    var p: Float = 1.987_569_15e-4
    p = p * r + 1.398_199_950_7e-3
    p = p * r + 8.333_451_907_3e-3
    p = p * r + 4.166_579_589_4e-2
    p = p * r + 1.666_666_545_9e-1
    p = p * r + 5.000_000_120_1e-1
    let whole = Int32(bitPattern: shifted.bitPattern) &- Int32(bitPattern: magic.bitPattern)
    return (whole, p * (r * r) + r)
  }

  /// 2ⁿ, for results that are normal numbers.
  @inlinable @inline(__always)
  static func power(_ n: Int32) -> Float {
    Float(bitPattern: UInt32(bitPattern: (n &+ 127) &<< 23))
  }
}
