/// An angle x = k·π/2 + r with abs(r) ≤ π/4 in double, for a float x.
public struct FloatAngle {
  /// The magnitudes below which the reduction is exact enough.
  public static var bound: Float {
    @inlinable @inline(__always) get { 0x1p20 }
  }

  @usableFromInline let r: Double
  /// k modulo 4 in the low bits.
  @usableFromInline let bits: UInt64

  @inlinable @inline(__always)
  init(_ x: Float) {
    let x = Double(x)
    // Adding 1.5·2⁵² rounds to the nearest integer, which then stands in the low bits.
    let shifted = x * 0x1.45f306dc9c883p-1 + 0x1.8p52
    let k = shifted - 0x1.8p52
    bits = shifted.bitPattern
    // The first part of π/2 has 33 bits, so that its product with k is exact.
    r = (x - k * 0x1.921fb544p0) - k * 0x1.0b4611a626331p-34
  }

  /// True if the function of r is the other one of sine and cosine.
  @inlinable @inline(__always)
  var isOdd: Bool { bits & 1 != 0 }

  /// True if the sine is not negative for positive r.
  @inlinable @inline(__always)
  var isUpper: Bool { bits & 2 == 0 }

  /// sin r
  @inlinable @inline(__always)
  var sine: Double {
    let z = r * r
    var p = 0x1.6cd82fa2d4914p-19
    p = p * z - 0x1.a00f9d0820e53p-13
    p = p * z + 0x1.111108959fa18p-7
    p = p * z - 0x1.5555554cb9401p-3
    return r + r * (z * p)
  }

  /// cos r
  @inlinable @inline(__always)
  var cosine: Double {
    let z = r * r
    var p = -0x1.23d7dcb3a763dp-22
    p = p * z + 0x1.a00f10c596ddep-16
    p = p * z - 0x1.6c16b3ff01624p-10
    p = p * z + 0x1.55555546f294bp-5
    p = p * z - 0x1.ffffffffebfap-2
    return 1 + z * p
  }
}
