/// eˣ, within 2 units in the last place, including denormal results.
///
/// The result is 0 below the smallest denormal number, and ∞ above the greatest float. NaN stays
/// NaN.
///
/// The function splits x = n·ln 2 + r with an integer n and abs(r) ≤ ½·ln 2. Then eˣ = 2ⁿ·(1 + r +
/// r²·p(r)). It has no branch, no table and no trapping conversion, so that the compiler vectorizes
/// a loop over it.
///
/// Reference: W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980. The
/// polynomial comes from S. L. Moshier, "Cephes mathematical library", 1992.
@inlinable @inline(__always)
public func exponential(_ x: Float) -> Float {
  // Beyond these bounds the result is 0 or ∞ in any case, and n would overflow its field.
  let (n, part) = ExponentialParts.split(ExponentialParts.clamped(x, to: -104, 89))
  // Two factors form 2ⁿ, because n exceeds the exponent range of a normal float.
  let half = n &>> 1
  return (1 + part) * ExponentialParts.power(half) * ExponentialParts.power(n &- half)
}

/// eˣ − 1 for x ≤ 0, without cancellation near 0. The result is 0 for x > 0.
@inlinable @inline(__always)
public func exponentialMinusOne(ofNegative x: Float) -> Float {
  // Below −80 the result rounds to −1, and 2ⁿ is still a normal number.
  let (n, part) = ExponentialParts.split(ExponentialParts.clamped(x, to: -80, 0))
  let power = ExponentialParts.power(n)
  return power * part + (power - 1)
}

/// 1 / (1 + e⁻ˣ). The result saturates to exactly 0 and 1.
@inlinable @inline(__always)
public func sigmoid(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }
