/// eˣ, within 2 units in the last place from the smallest denormal number to the greatest float; 0 below, ∞ above.
///
/// x = n·ln 2 + r with n whole and abs(r) ≤ ½·ln 2; eˣ = 2ⁿ·(1 + r + r²·p(r)). No branch, no table and no conversion
/// that could trap: a loop over it is compiled to vectors. NaN stays NaN.
///
/// Reference: W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980; the polynomial is that of
/// S. L. Moshier, "Cephes mathematical library", 1992.
@inlinable @inline(__always)
package func exponential(_ x: Float) -> Float {
  // Beyond these bounds the result is 0 or ∞ anyway, and n would not fit its field.
  let (n, part) = ExponentialParts.split(ExponentialParts.clamped(x, to: -104, 89))
  // 2ⁿ in two factors: n goes beyond the exponents of a float, down to denormal numbers.
  let half = n &>> 1
  return (1 + part) * ExponentialParts.power(half) * ExponentialParts.power(n &- half)
}

/// eˣ − 1 where x ≤ 0, without cancellation near 0; 0 where x > 0.
@inlinable @inline(__always)
package func exponentialMinusOne(ofNegative x: Float) -> Float {
  // Below −80 the result is −1 in float, and 2ⁿ still is a normal number.
  let (n, part) = ExponentialParts.split(ExponentialParts.clamped(x, to: -80, 0))
  let power = ExponentialParts.power(n)
  return power * part + (power - 1)
}

/// 1 / (1 + e⁻ˣ): exactly 0 and 1 where it saturates.
@inlinable @inline(__always)
package func sigmoid(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }
