/// ln x, within 0.9 units in the last place. −∞ at ±0, NaN below 0.
///
/// x = 2ⁿ·m with √½ ≤ m < √2 and f = m − 1. Then ln x = n·ln 2 + f − f²/2 + f³·p(f). The small terms are
/// added first. The function has no branch and no table, so that the compiler vectorizes loops.
@inlinable @inline(__always)
public func logarithm(_ x: Float) -> Float {
  let value = FloatLogarithm.value(x, correction: 0)
  let finite = x == .infinity ? x : value
  let positive = x > 0 ? finite : Float.nan
  return x == 0 ? -Float.infinity : positive
}

/// ln(1 + x) without cancellation near 0, within 0.9 units in the last place. −∞ at −1, NaN below.
///
/// The function rounds 1 + x = u + c, and adds c/u to ln u.
@inlinable @inline(__always)
public func logarithmOfOnePlus(_ x: Float) -> Float {
  let sum = 1 + x
  let partOfX = sum - 1
  let lost = (1 - (sum - partOfX)) + (x - partOfX)
  let value = FloatLogarithm.value(sum, correction: lost / sum)
  let finite = x == .infinity ? x : value
  let positive = x > -1 ? finite : Float.nan
  let result = x == -1 ? -Float.infinity : positive
  // Only the sign of −0 would be lost.
  return x == 0 ? x : result
}

/// ln(1 + eˣ), within 1.5 units in the last place. The result is max(x, 0) + ln(1 + e^−|x|), in which
/// no exponential overflows.
@inlinable @inline(__always)
public func softplus(_ x: Float) -> Float {
  (x < 0 ? 0 : x) + logarithmOfOnePlus(exponential(-x.magnitude))
}

@usableFromInline
enum FloatLogarithm {
  /// ln x + correction for positive finite x.
  @inlinable @inline(__always)
  static func value(_ x: Float, correction: Float) -> Float {
    // Scaling turns a denormal number into a normal one.
    let isSmall = x < 0x1p-126
    let scaled = x * 0x1p23
    let bits = Int32(bitPattern: (isSmall ? scaled : x).bitPattern)
    // The bits of √½: the difference counts the powers of 2 above it.
    let exponent = (bits &- 0x3F35_04F3) &>> 23
    let m = Float(bitPattern: UInt32(bitPattern: bits &- (exponent &<< 23)))
    let n = Float(exponent) - (isSmall ? 23 : 0)
    let f = m - 1
    let square = f * f
    var p: Float = 0x1.1b44dp-4
    p = p * f - 0x1.e2ea2p-4
    p = p * f + 0x1.e64fccp-4
    p = p * f - 0x1.fb43p-4
    p = p * f + 0x1.2332cep-3
    p = p * f - 0x1.5562e6p-3
    p = p * f + 0x1.99a544p-3
    p = p * f - 0x1.ffffeep-3
    p = p * f + 0x1.555546p-2
    let small = (f * square) * p + (n * -0x1.bd0106p-13 + correction)
    return n * 0x1.63p-1 + ((small - 0.5 * square) + f)
  }
}
