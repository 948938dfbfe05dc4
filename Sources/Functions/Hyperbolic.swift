/// tanh x, within 0.8 units in the last place.
///
/// tanh x = t / (t + 2) with t = e^(2x) − 1. t and the quotient are pairs of doubles.
package func hyperbolicTangent(_ x: Double) -> Double {
  let size = x.magnitude
  // The next term, x³/3, is below a thousandth of a unit in the last place.
  if x.isNaN || size < 0x1p-31 { return x }
  // 1 − tanh x = 2e^(−2x) is less than a quarter of a unit in the last place.
  if size > 22 { return x < 0 ? -1 : 1 }
  let half = exponentialMinusOne(parts: ExponentialParts(2 * size)).normalized
  let result = (half / (DoublePair(1, 0) + half)).high
  return x < 0 ? -result : result
}

/// 1 / (1 + e⁻ˣ), within 0.7 units in the last place; denormal results within 0.9.
///
/// For negative x the quotient is eˣ / (1 + eˣ). Both parts are pairs of doubles.
package func sigmoid(_ x: Double) -> Double {
  if x.isNaN { return x }
  // The sum 1 + eˣ is within 2⁻⁵⁷ of 1.
  if x < -40 { return exponential(x) }
  if x > 40 { return 1 }
  let small = exponentialPair(-x.magnitude)
  let sum = DoublePair(1, 0) + small
  return ((x < 0 ? small : DoublePair(1, 0)) / sum).high
}

/// ln(1 + eˣ), within 0.9 units in the last place; denormal results within 0.9.
///
/// The result is max(x, 0) + ln(1 + e^−|x|), in which no exponential overflows.
package func softplus(_ x: Double) -> Double {
  if x.isNaN || x > 40 { return x }
  if x < -40 { return exponential(x) }
  let small = exponentialPair(-x.magnitude)
  let logarithm = logarithmOfOnePlus(small)
  return x > 0 ? x + logarithm : logarithm
}

/// eˣ as a normalized pair, for x from −700 to 700.
func exponentialPair(_ x: Double, low: Double = 0) -> DoublePair {
  let parts = ExponentialParts(x, low: low)
  let power = Double(powerOfTwo: parts.n)
  let scaled = parts.scaled.normalized
  return DoublePair(power * scaled.high, power * scaled.low)
}
