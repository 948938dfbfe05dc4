extension SIMD8<Float> {
  /// eˣ in every lane, within 2 units in the last place.
  ///
  /// x = n·ln 2 + r with |r| ≤ ln 2 / 2, and a polynomial of degree 7 approximates eʳ. Adding a
  /// large number rounds x/ln 2, and n stands in the low bits of the sum. Two factors form 2ⁿ, so
  /// that denormal results are correct.
  ///
  /// Reference: W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980.
  @inline(__always)
  var exponential: SIMD8<Float> {
    // Beyond these bounds the result is 0 or infinite. The last step restores NaN.
    let bounded = clamped(
      lowerBound: SIMD8(repeating: -105), upperBound: SIMD8(repeating: 89)
    ).replacing(with: 0, where: self .!= self)
    let shift: Float = 12_582_912
    let shifted = bounded * 1.442_695_04 + shift
    let n = shifted - shift
    let r = (bounded - n * 0.693_359_375) + n * 2.121_944_4e-4
    var p = r * 1.984_127e-4 + 1.388_888_9e-3
    p = p * r + 8.333_333_3e-3
    p = p * r + 4.166_666_67e-2
    p = p * r + 1.666_666_67e-1
    p = p * r + 0.5
    let power = p * (r * r) + r + 1
    let integer = shifted.bits &- SIMD8<Int32>(repeating: 0x4B40_0000)
    let half = integer &>> 1
    let result = power * SIMD8(powerOfTwo: half) * SIMD8(powerOfTwo: integer &- half)
    return result.replacing(with: self, where: self .!= self)
  }

  /// ln x in every lane, within 2 units in the last place. −∞ at 0, NaN below 0.
  ///
  /// x = 2ⁿ·m with √½ ≤ m < √2, and ln m = 2·artanh((m − 1) / (m + 1)). Four terms of its series in
  /// the square of the quotient suffice.
  @inline(__always)
  var logarithm: SIMD8<Float> {
    // Scaling turns a denormal number into a normal one.
    let isSmall = self .< 1.175_494_4e-38
    let normal = replacing(with: self * 8_388_608, where: isSmall)
    let offset = normal.bits &- SIMD8<Int32>(repeating: 0x3F35_04F3)
    let exponent = offset &>> 23
    let m = SIMD8(bits: normal.bits &- (exponent &<< 23))
    let n = SIMD8(exponent).replacing(with: SIMD8(exponent) - 23, where: isSmall)
    let f = m - 1
    let s = f / (f + 2)
    let z = s * s
    var p = z * 0.242_790_79 + 0.284_987_87
    p = p * z + 0.400_009_72
    p = p * z + 0.666_666_63
    let h = 0.5 * f * f
    // ln m = f − (h − s·(h + z·p)), which adds the small parts before the large one.
    let small = s * (h + z * p)
    let result = n * 0.693_138_12 + (((n * 9.058_001e-6 + small) - h) + f)
    return
      result
      .replacing(with: .nan, where: self .< 0)
      .replacing(with: -.infinity, where: self .== 0)
      .replacing(with: self, where: (self .!= self) .| (self .== .infinity))
  }

  @inline(__always)
  private var bits: SIMD8<Int32> { unsafe unsafeBitCast(self, to: SIMD8<Int32>.self) }

  @inline(__always)
  private init(bits: SIMD8<Int32>) { self = unsafe unsafeBitCast(bits, to: SIMD8<Float>.self) }

  /// 2ⁿ for n from −126 to 127.
  @inline(__always)
  private init(powerOfTwo n: SIMD8<Int32>) {
    self = SIMD8(bits: (n &+ SIMD8<Int32>(repeating: 127)) &<< 23)
  }
}
