/// tanh x, within 1.4 units in the last place.
///
/// The result is x + x³·p(x²) up to 0.625, and 1 − 2 / (e^(2x) + 1) beyond. Both are computed, so that
/// the compiler vectorizes loops.
@inlinable @inline(__always)
public func hyperbolicTangent(_ x: Float) -> Float {
  let size = x.magnitude
  let z = x * x
  var p: Float = 0x1.1959cap-9
  p = p * z - 0x1.0c1864p-7
  p = p * z + 0x1.63932p-6
  p = p * z - 0x1.b9ef56p-5
  p = p * z + 0x1.11106ap-3
  p = p * z - 0x1.555554p-2
  let small = size + size * (z * p)
  let large = 1 - 2 / (exponential(2 * size) + 1)
  return Float(signOf: x, magnitudeOf: size < 0.625 ? small : large)
}

/// 1 / (1 + e⁻ˣ), within 1.3 units in the last place, including denormal results.
///
/// For negative x the quotient is eˣ / (1 + eˣ), so that no exponential overflows. A second division
/// adds what rounding lost in the exponential and in the sum.
@inlinable @inline(__always)
public func sigmoid(_ x: Float) -> Float {
  let parts = FloatExponential(clamping: -x.magnitude, to: -104, 0)
  let (small, rest) = (parts.scaled(parts.value), parts.scaled(parts.lost))
  let sum = 1 + small
  let lost = (small - (sum - 1)) + rest
  let (over, lostOver) = x < 0 ? (small, rest) : (1, 0)
  let quotient = over / sum
  return quotient + (lostOver - quotient * lost) / sum
}
