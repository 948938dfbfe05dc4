/// eˣ, within 0.8 units in the last place, including denormal results.
///
/// The result is 0 below the smallest denormal number, and ∞ above the greatest float. NaN stays
/// NaN.
///
/// The function splits x = n·ln 2 + r with an integer n and abs(r) ≤ ½·ln 2. Then eˣ = 2ⁿ·(1 + r +
/// r²·p(r)). It has no branch, no table and no trapping conversion, so that the compiler vectorizes
/// a loop over it.
///
/// Reference: W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980.
@inlinable @inline(__always)
public func exponential(_ x: Float) -> Float {
  // Beyond these bounds the result is 0 or ∞ in any case, and n would overflow its field.
  let parts = FloatExponential(clamping: x, to: -104, 89)
  return parts.scaled(parts.value)
}

/// eˣ − 1 without cancellation near 0, within 1.1 units in the last place.
///
/// The result is 2·(2ⁿ⁻¹·(1 + r + …) − ½) with an exact sum of the large parts, and r + r²·p(r) if n
/// is 0.
@inlinable @inline(__always)
public func exponentialMinusOne(_ x: Float) -> Float {
  // Below −80 the result rounds to −1, and 2ⁿ is still a normal number.
  let parts = FloatExponential(clamping: x, to: -80, 89)
  let power = FloatExponential.power(parts.n &- 1)
  let (constant, linear) = (power - 0.5, power * parts.r)
  let sum = constant + linear
  let lost = linear - (sum - constant)
  let result = 2 * (sum + (lost + power * parts.rest))
  let small = parts.r + parts.rest
  let value = parts.n == 0 ? small : result
  // Only the sign of −0 would be lost.
  return x == 0 ? x : value
}

/// The parts of e^x = 2ⁿ·(1 + r + rest), with an integer n and abs(r) ≤ ½·ln 2.
@usableFromInline
struct FloatExponential {
  @usableFromInline let n: Int32
  @usableFromInline let r: Float
  /// The rounding error of r, and the terms from r²/2 on.
  @usableFromInline let rest: Float

  /// Reduces x, or the bound next to it. NaN stays NaN.
  @inlinable @inline(__always)
  init(clamping x: Float, to low: Float, _ high: Float) {
    let above = x < low ? low : x
    let x = above > high ? high : above
    // Adding 1.5·2²³ rounds to the nearest integer, which then stands in the low bits.
    let magic: Float = 0x1.8p23
    let shifted = x * 0x1.715476p0 + magic
    let count = shifted - magic
    n = Int32(bitPattern: shifted.bitPattern &- magic.bitPattern)
    // The first part of ln 2 has 9 bits, so that its product with n is exact.
    let first = x - count * 0x1.63p-1
    let second = count * 0x1.bd0106p-13
    let r = first + second
    self.r = r
    var p: Float = 0x1.a1a1fap-13
    p = p * r + 0x1.6d74b6p-10
    p = p * r + 0x1.11109p-7
    p = p * r + 0x1.5554aep-5
    p = p * r + 0x1.555556p-3
    p = p * r + 0x1p-1
    rest = p * (r * r) + (second - (r - first))
  }

  /// e^x / 2ⁿ, rounded.
  @inlinable @inline(__always)
  var value: Float {
    let sum = 1 + r
    return sum + ((r - (sum - 1)) + rest)
  }

  /// The rounding error of ``value``.
  @inlinable @inline(__always)
  var lost: Float {
    let sum = 1 + r
    let small = (r - (sum - 1)) + rest
    return small - ((sum + small) - sum)
  }

  /// x·2ⁿ, rounded once. Two factors form 2ⁿ, because n exceeds the exponent range of a normal
  /// float.
  @inlinable @inline(__always)
  func scaled(_ x: Float) -> Float {
    let half = n &>> 1
    return x * FloatExponential.power(half) * FloatExponential.power(n &- half)
  }

  /// 2ⁿ, for results that are normal numbers.
  @inlinable @inline(__always)
  static func power(_ n: Int32) -> Float {
    Float(bitPattern: UInt32(bitPattern: (n &+ 127) &<< 23))
  }
}
