/// sin x, within 0.8 units in the last place for every double. NaN at ±∞.
///
/// x = k·π/2 + r with abs(r) ≤ π/4, where r is a pair of doubles; see ``ReducedAngle``. The result is
/// ±sin r or ±cos r.
package func sine(_ x: Double) -> Double {
  if x.magnitude < 0x1p-27 { return x }
  let angle = ReducedAngle(x)
  return angle.quadrant & 1 == 0 ? angle.signed(angle.sine) : angle.signed(angle.cosine)
}

/// cos x, within 0.8 units in the last place for every double. NaN at ±∞.
package func cosine(_ x: Double) -> Double { cosine(of: ReducedAngle(x)) }

/// cos(2π·turns), within 0.8 units in the last place.
///
/// The reduction is exact: a quarter of a turn is a double. The result is exact at multiples of it.
package func cosine(ofTurns turns: Double) -> Double { cosine(of: ReducedAngle(turns: turns)) }

private func cosine(of angle: ReducedAngle) -> Double {
  let angle = angle.advanced
  return angle.quadrant & 1 == 0 ? angle.signed(angle.sine) : angle.signed(angle.cosine)
}

/// tan x, within 0.9 units in the last place for every double. NaN at ±∞.
///
/// The result is the quotient of the sine and the cosine of r, each a pair of doubles.
package func tangent(_ x: Double) -> Double {
  if x.magnitude < 0x1p-27 { return x }
  let angle = ReducedAngle(x)
  let (sine, cosine) = (angle.sine.normalized, angle.cosine.normalized)
  return angle.quadrant & 1 == 0 ? (sine / cosine).high : -(cosine / sine).high
}

/// arctan x, within 0.8 units in the last place. ±π/2 at ±∞.
///
/// The result is c + arctan t with c = 0, π/4 or π/2. t is |x|, (|x| − 1) / (|x| + 1) or −1 / |x|, a
/// pair of doubles with abs(t) ≤ tan(π/8), and arctan t = t + t³·p(t²).
package func arctangent(_ x: Double) -> Double {
  let size = x.magnitude
  if x.isNaN || size < 0x1p-27 { return x }
  let quotient: DoublePair
  let offset: DoublePair
  if size <= 0.414_213_562_373_095 {
    (quotient, offset) = (DoublePair(size, 0), DoublePair(0, 0))
  } else if size <= 2.414_213_562_373_095 {
    quotient = DoublePair(sumOf: size, -1) / DoublePair(sumOf: size, 1)
    offset = DoublePair(0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55)
  } else {
    // The product in the division needs a factor below 2⁹⁷⁰.
    quotient = size > 0x1p60 ? DoublePair(-1 / size, 0) : DoublePair(-1, 0) / DoublePair(size, 0)
    offset = DoublePair(0x1.921fb54442d18p0, 0x1.1a62633145c07p-54)
  }
  let t = quotient.high
  let z = t * t
  var p = 0x1.f25ccaa601897p-7
  p = p * z - 0x1.1255305baf2d7p-5
  p = p * z + 0x1.70fa5a8c31516p-5
  p = p * z - 0x1.ab80d62c713bdp-5
  p = p * z + 0x1.e1728a30f82e1p-5
  p = p * z - 0x1.110c7a306a311p-4
  p = p * z + 0x1.3b136eb47b82ap-4
  p = p * z - 0x1.745d14c00b12ap-4
  p = p * z + 0x1.c71c71b77a52bp-4
  p = p * z - 0x1.2492492475d84p-3
  p = p * z + 0x1.999999999965ap-3
  p = p * z - 0x1.5555555555554p-2
  let start = DoublePair(sumOf: offset.high, t)
  let result = start.high + (start.low + ((offset.low + quotient.low) + t * (z * p)))
  return x < 0 ? -result : result
}
