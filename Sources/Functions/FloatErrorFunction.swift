/// erf x = 2/√π · ∫₀ˣ e^(−t²) dt, within 1.4 units in the last place.
///
/// The result is x + x·p(x²) below 1, and 1 − e^(−q(x − 1)) beyond, with a polynomial q for −ln erfc.
/// Both are computed, so that the compiler vectorizes loops.
@inlinable @inline(__always)
public func errorFunction(_ x: Float) -> Float {
  let size = x.magnitude
  // Above this bound the result is 1.
  let bounded: Float = size > 4 ? 4 : size
  let z = bounded * bounded
  var p: Float = -0x1.44cfbep-17
  p = p * z + 0x1.d8b898p-14
  p = p * z - 0x1.bcd7e2p-11
  p = p * z + 0x1.562b1ap-8
  p = p * z - 0x1.b829d8p-6
  p = p * z + 0x1.ce2f0ap-4
  p = p * z - 0x1.812746p-2
  p = p * z + 0x1.06eba8p-3
  let small = x + x * p
  let u = bounded - 1
  var q: Float = -0x1.a524d6p-21
  q = q * u + 0x1.69d3a6p-18
  q = q * u + 0x1.d8617p-18
  q = q * u - 0x1.1a7544p-12
  q = q * u + 0x1.05c1bp-9
  q = q * u - 0x1.49033ap-7
  q = q * u + 0x1.547accp-5
  q = q * u + 0x1.afabbcp-1
  q = q * u + 0x1.51c9bp1
  q = q * u + 0x1.d97fcp0
  let large = 1 - exponential(-q)
  let signed = x < 0 ? -large : large
  return size >= 1 ? signed : small
}

/// erfc x = 1 − erf x without cancellation, within 0.51 units in the last place, including denormal
/// results.
///
/// erfc x = e^(−x²)·y·p(y) for x ≥ 0, with y = 3 / (x + 3). The square of a float is exact in double,
/// and the function computes in double. It has no branch and no table.
@inlinable @inline(__always)
public func complementaryErrorFunction(_ x: Float) -> Float {
  let size = Double(x.magnitude)
  // Above this bound the result is 0.
  let bounded = size > 10.6 ? 10.6 : size
  let y = 3 / (bounded + 3)
  var p = -0x1.b905632a1df42p-6
  p = p * y + 0x1.7205289dab134p-3
  p = p * y - 0x1.efcd63fbda7c7p-2
  p = p * y + 0x1.4f497e271fe52p-1
  p = p * y - 0x1.17ba94a7db977p-1
  p = p * y + 0x1.9d369a5d31e95p-2
  p = p * y - 0x1.c812c355deffdp-5
  p = p * y + 0x1.5fadd0f070bcp-3
  p = p * y + 0x1.2dec372683469p-3
  p = p * y + 0x1.6e5dc2773794p-3
  p = p * y + 0x1.80f1195c7b8dbp-3
  p = p * y + 0x1.81293df432731p-3
  let value = SmallPower.ofTwo(bounded * bounded * -0x1.71547652b82fep0) * (y * p)
  return Float(x < 0 ? 2 - value : value)
}

/// The distribution function Φ and the density φ of N(0, 1): Φ x = ½·erfc(−x/√2), φ x = e^(−x²/2)/√(2π).
///
/// Φ is within 8 units in the last place, and φ within 3. 1 − Φ x = e^(−x²/2)·y·p(y) for x ≥ 0, with
/// y = 4 / (x + 4). The upper half of x has an exact square, and a short series covers
/// the rest. There is no branch and no table.
@inlinable @inline(__always)
public func normalDistribution(_ x: Float) -> (probability: Float, density: Float) {
  let size = x.magnitude
  // Above this bound both are 0 or 1.
  let bounded: Float = size > 14.5 ? 14.5 : size
  let upper = Float(bitPattern: bounded.bitPattern & 0xFFFF_F000)
  let rest = 0.5 * ((bounded - upper) * (bounded + upper))
  let series = rest - rest * rest * (0.5 - rest * (0x1.555556p-3 - rest * 0x1.555556p-5))
  let whole = exponential(-0.5 * (upper * upper))
  let power = whole - whole * series
  let y = 4 / (bounded + 4)
  var p: Float = 0x1.14c1c2p-6
  p = p * y - 0x1.085576p-4
  p = p * y + 0x1.c9b858p-5
  p = p * y + 0x1.72905cp-6
  p = p * y + 0x1.227c9cp-6
  p = p * y + 0x1.5776bep-4
  p = p * y + 0x1.2b0ec8p-4
  p = p * y + 0x1.864cbp-4
  p = p * y + 0x1.97a3cep-4
  p = p * y + 0x1.988f9cp-4
  let tail = power * (y * p)
  return (x < 0 ? tail : 1 - tail, power * 0x1.988454p-2)
}
