/// eˣ, within 0.6 units in the last place; denormal results within 0.9.
///
/// The function splits x = n·ln 2 + r, where r consists of two doubles. Then eˣ = 2ⁿ·(1 + r + r²/2 +
/// r³·p(r)), with a polynomial p of degree 9. The sum 1 + r is exact.
///
/// The result is 0 below −745.14, and ∞ above 709.79. NaN stays NaN.
///
/// Reference: W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980.
package func exponential(_ x: Double) -> Double {
  if x.isNaN { return x }
  // Beyond these bounds the result is 0 or ∞ in any case, and n would overflow its field.
  return exponential(of: DoublePair(min(max(x, -800), 800), 0))
}

/// e^(high + low), for sums from −800 to 800.
func exponential(of x: DoublePair) -> Double {
  let parts = ExponentialParts(x.high, low: x.low)
  return parts.scaled.sum.scaled(byPowerOfTwo: parts.n)
}

/// eˣ − 1 without cancellation near 0, within 0.9 units in the last place.
///
/// For abs(x) ≤ ½·ln 2 the result is r + r²/2 + r³·p(r) with the polynomial of
/// ``exponential(_:)``. Otherwise it is 2·(2ⁿ⁻¹·(1 + r + …) − ½), with exact sums of the large parts.
package func exponentialMinusOne(_ x: Double) -> Double {
  if x.isNaN || x.magnitude < 0x1p-54 { return x }
  if x > 710 { return .infinity }
  if x < -40 { return -1 }
  let result = exponentialMinusOne(parts: ExponentialParts(x))
  return 2 * result.high + 2 * result.low
}

/// ½·(eˣ − 1) as a pair that is not normalized, for the parts of an x from −708 to 710.
///
/// Half of the result stays finite where n is 1024.
func exponentialMinusOne(parts: ExponentialParts) -> DoublePair {
  guard parts.n != 0 else { return DoublePair(0.5 * parts.r, 0.5 * parts.rest) }
  let scaled = parts.scaled
  let power = Double(powerOfTwo: parts.n &- 1)
  let sum = DoublePair(sumOf: power * scaled.high, -0.5)
  return DoublePair(sum.high, sum.low + power * scaled.low)
}
