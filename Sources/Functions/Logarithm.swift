/// ln x, within 0.7 units in the last place. −∞ at ±0, NaN below 0.
///
/// x = 2ⁿ·m with √½ ≤ m < √2, f = m − 1 and s = f / (2 + f). Then ln x = n·ln 2 + f − f²/2 + s·(f²/2 +
/// s²·p(s²)), where p is the polynomial of the series 2·artanh(s). The parts n·ln 2, f and f²/2
/// are exact or pairs of doubles.
package func logarithm(_ x: Double) -> Double {
  if x.isNaN || x == .infinity { return x }
  if x <= 0 { return x == 0 ? -.infinity : .nan }
  let (n, m) = x.logarithmParts
  return logarithm(exponent: n, fraction: m - 1, correction: 0).sum
}

/// ln(1 + x) without cancellation near 0, within 0.8 units in the last place. −∞ at −1, NaN below.
///
/// The function rounds 1 + x = u + c, and adds c/u to ln u.
package func logarithmOfOnePlus(_ x: Double) -> Double {
  logarithmOfOnePlus(DoublePair(x, 0))
}

/// ln(1 + high + low).
func logarithmOfOnePlus(_ x: DoublePair) -> Double {
  if x.high.isNaN || x.high == .infinity || x.high.magnitude < 0x1p-54 { return x.high }
  if x.high <= -1 { return x.high == -1 ? -.infinity : .nan }
  if x.high > -0.29, x.high < 0.41 {
    return logarithm(exponent: 0, fraction: x.high, correction: x.low / (1 + x.high)).sum
  }
  let sum = DoublePair(sumOf: 1, x.high)
  let (n, m) = sum.high.logarithmParts
  let correction = (sum.low + x.low) / sum.high
  return logarithm(exponent: n, fraction: m - 1, correction: correction).sum
}

/// n·ln 2 + ln(1 + f) + c as a pair that is not normalized, for f from √½ − 1 to √2 − 1 and small c.
private func logarithm(exponent n: Int, fraction f: Double, correction c: Double) -> DoublePair {
  let s = f / (2 + f)
  let z = s * s
  var p = 0x1.0f660061f4005p-3
  p = p * z + 0x1.0f5c7722dd8f1p-3
  p = p * z + 0x1.3b20af284c991p-3
  p = p * z + 0x1.745cde20d1202p-3
  p = p * z + 0x1.c71c72593f30ap-3
  p = p * z + 0x1.249249242b0acp-2
  p = p * z + 0x1.9999999999e02p-2
  p = p * z + 0x1.5555555555555p-1
  let square = f.magnitude < 0x1p-200 ? DoublePair(0, 0) : DoublePair(productOf: f, 0.5 * f)
  let count = Double(n)
  let first = DoublePair(sumOf: count * 0x1.62e42fefa3p-1, f)
  let second = DoublePair(sumOf: first.high, -square.high)
  let small = s * (square.high + z * p) + (count * 0x1.3de6af278ece6p-42 + c)
  return DoublePair(second.high, (first.low + second.low - square.low) + small)
}

/// ln x within 2⁻⁶⁸ of the result, as a normalized pair, for positive finite x.
///
/// The quotient s and the first three terms of 2·artanh(s) are pairs of doubles.
func logarithmPair(_ x: Double) -> DoublePair {
  let (n, m) = x.logarithmParts
  let f = m - 1
  let count = Double(n)
  let whole = DoublePair(sumOf: count * 0x1.62e42fefa3p-1, count * 0x1.3de6af278ece6p-42)
  guard f != 0 else { return whole }
  let s = DoublePair(f, 0) / DoublePair(sumOf: 2, f)
  let z = s * s
  let zHigh = z.high
  var p = 0x1.c06ffed959206p-4
  p = p * zHigh + 0x1.ab5043bb03f6ap-4
  p = p * zHigh + 0x1.e205442ed60bfp-4
  p = p * zHigh + 0x1.1110af9848e53p-3
  p = p * zHigh + 0x1.3b13b28304bfep-3
  p = p * zHigh + 0x1.745d1743440f5p-3
  p = p * zHigh + 0x1.c71c71c71f2b7p-3
  p = p * zHigh + 0x1.2492492492489p-2
  let twoFifths = DoublePair(0x1.999999999999ap-2, -0x1.999999999999ap-56)
  let twoThirds = DoublePair(0x1.5555555555555p-1, 0x1.5555555555555p-55)
  let fifth = twoFifths + DoublePair(zHigh * p, 0)
  let third = twoThirds + z * fifth
  let double = DoublePair(2 * s.high, 2 * s.low)
  return whole + (double + s * (z * third))
}

extension Double {
  /// n and m of x = 2ⁿ·m, with √½ ≤ m < √2, for positive finite x.
  fileprivate var logarithmParts: (n: Int, m: Double) {
    // Scaling turns a denormal number into a normal one.
    let isSmall = self < 0x1p-1022
    let bits = (isSmall ? self * 0x1p54 : self).bitPattern
    // The bits of √½: the difference counts the powers of 2 above it.
    let offset = Int64(bitPattern: bits &- 0x3FE6_A09E_667F_3BCD)
    let exponent = offset >> 52
    let m = Double(bitPattern: bits &- UInt64(bitPattern: exponent << 52))
    return (Int(truncatingIfNeeded: exponent) &- (isSmall ? 54 : 0), m)
  }
}
