/// The parts of e^x = 2ⁿ·(1 + r + rest), with n an integer and abs(r) ≤ ½·ln 2.
///
/// r is rounded to a double. The rest holds what rounding lost, and the terms from r²/2 on.
struct ExponentialParts {
  let n: Int
  let r: Double
  let rest: Double

  /// Reduces x + low, for sums from −800 to 800. The error of the sum 1 + r + rest is below 2⁻⁵⁷.
  init(_ x: Double, low: Double = 0) {
    // Adding 1.5·2⁵² rounds to the nearest integer, which then stands in the low bits.
    let magic = 0x1.8p52
    let shifted = x * 0x1.71547652b82fep0 + magic
    let count = shifted - magic
    n = Int(truncatingIfNeeded: shifted.bitPattern &- magic.bitPattern)
    // The first part of ln 2 has 42 bits, so that its product with n is exact.
    let first = x - count * 0x1.62e42fefa3p-1
    let reduced = DoublePair(sumOf: first, count * -0x1.3de6af278ece6p-42)
    let parts = DoublePair(sumOf: reduced.high, reduced.low + low)
    r = parts.high
    var p = 0x1.1f92e89e5d0b7p-29
    p = p * r + 0x1.af5e7a8c05f7p-26
    p = p * r + 0x1.27e4c7a90663dp-22
    p = p * r + 0x1.71ddf87db9803p-19
    p = p * r + 0x1.a01a01af71355p-16
    p = p * r + 0x1.a01a01afd2d4dp-13
    p = p * r + 0x1.6c16c16c14a55p-10
    p = p * r + 0x1.111111110f6e3p-7
    p = p * r + 0x1.5555555555559p-5
    p = p * r + 0x1.5555555555559p-3
    rest = (r * r) * (0.5 + r * p) + parts.low * (1 + r)
  }

  /// e^x / 2ⁿ as a pair that is not normalized.
  var scaled: DoublePair {
    let start = DoublePair(sumOf: 1, r)
    return DoublePair(start.high, start.low + rest)
  }
}

extension Double {
  /// x·2ⁿ, rounded once, for n from −2000 to 2000 and x near 1.
  func scaled(byPowerOfTwo n: Int) -> Double {
    // Two factors form 2ⁿ, because n exceeds the exponent range of a normal number.
    let half = n >> 1
    return self * Double(powerOfTwo: half) * Double(powerOfTwo: n &- half)
  }

  /// 2ⁿ, for results that are normal numbers.
  init(powerOfTwo n: Int) {
    self.init(bitPattern: UInt64(truncatingIfNeeded: n &+ 1023) << 52)
  }
}
