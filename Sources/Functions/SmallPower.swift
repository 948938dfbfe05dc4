/// Powers of two and logarithms in double, with the accuracy of a float.
@usableFromInline
enum SmallPower {
  /// 2^x within 2⁻³⁴ of the result, for x from −1000 to 1000.
  @inlinable @inline(__always)
  static func ofTwo(_ x: Double) -> Double {
    // Adding 1.5·2⁵² rounds to the nearest integer, which then stands in the low bits.
    let shifted = x + 0x1.8p52
    let r = x - (shifted - 0x1.8p52)
    var p = 0x1.00f1ae7bffb8bp-16
    p = p * r + 0x1.445e692599086p-13
    p = p * r + 0x1.5d8722b1f75cdp-10
    p = p * r + 0x1.3b29f100a1756p-7
    p = p * r + 0x1.c6b08df579e4dp-5
    p = p * r + 0x1.ebfbe07ab4943p-3
    p = p * r + 0x1.62e42fef7ad1ap-1
    let power = 1 + r * p
    return Double(bitPattern: power.bitPattern &+ shifted.bitPattern &<< 52)
  }

  /// log₂ x within 2⁻⁴³ of the result, for positive finite x.
  @inlinable @inline(__always)
  static func logarithm(_ x: Double) -> Double {
    // The upper bits of the sum hold n + 1023 of x = 2ⁿ·m with √½ ≤ m < √2.
    let biased = (x.bitPattern &+ (0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD)) &>> 52
    let n = Double(bitPattern: 0x4330_0000_0000_0000 | biased) - 0x1.0000_0000_003ffp52
    let m = Double(bitPattern: x.bitPattern &- (biased &- 1023) &<< 52)
    let f = m - 1
    let s = f / (2 + f)
    let z = s * s
    var p = 0x1.21b522b784cp-2
    p = p * z + 0x1.47950a4353e67p-2
    p = p * z + 0x1.a61a30a70fc2dp-2
    p = p * z + 0x1.2776c290dc031p-1
    p = p * z + 0x1.ec709dc53e882p-1
    p = p * z + 0x1.71547652b825p1
    return n + s * p
  }
}
