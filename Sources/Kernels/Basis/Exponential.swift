/// eˣ, within 2 units in the last place from the smallest denormal number to the greatest float; 0 below, ∞ above.
///
/// x = n·ln 2 + r with n whole and abs(r) ≤ ½·ln 2; eˣ = 2ⁿ·(1 + r + r²·p(r)). No branch, no table and no conversion
/// that could trap: a loop over it is compiled to vectors. NaN stays NaN.
///
/// Reference: W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980; the polynomial is that of
/// S. L. Moshier, "Cephes mathematical library", 1992.
@inline(__always)
package func exponential(_ x: Float) -> Float {
  // Beyond these bounds the result is 0 or ∞ anyway, and n would not fit its field.
  let (n, part) = ExponentialParts.split(ExponentialParts.clamped(x, to: -104, 89))
  // 2ⁿ in two factors: n goes beyond the exponents of a float, down to denormal numbers.
  let half = n &>> 1
  return (1 + part) * ExponentialParts.power(half) * ExponentialParts.power(n &- half)
}

/// eˣ − 1 where x ≤ 0, without cancellation near 0; 0 where x > 0.
@inline(__always)
package func exponentialMinusOne(ofNegative x: Float) -> Float {
  // Below −80 the result is −1 in float, and 2ⁿ still is a normal number.
  let (n, part) = ExponentialParts.split(ExponentialParts.clamped(x, to: -80, 0))
  let power = ExponentialParts.power(n)
  return power * part + (power - 1)
}

/// 1 / (1 + e⁻ˣ): exactly 0 and 1 where it saturates.
@inline(__always)
package func sigmoid(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }

/// The pieces of which the exponential functions are made.
enum ExponentialParts {
  /// x within the bounds; NaN stays.
  @inline(__always)
  static func clamped(_ x: Float, to low: Float, _ high: Float) -> Float {
    let above = x < low ? low : x
    return above > high ? high : above
  }

  /// n, and eʳ − 1.
  @inline(__always)
  static func split(_ x: Float) -> (n: Int32, part: Float) {
    // Adding 1.5·2²³ rounds to the nearest whole number, which then stands in the low bits.
    let magic: Float = 12_582_912
    let shifted = x * 1.442_695_04 + magic
    let n = shifted - magic
    // ln 2 in two parts, the first of 9 bits, so that its product with n is exact.
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

  /// 2ⁿ of a normal number.
  @inline(__always)
  static func power(_ n: Int32) -> Float {
    Float(bitPattern: UInt32(bitPattern: (n &+ 127) &<< 23))
  }
}
