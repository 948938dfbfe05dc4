/// x^y, within 0.7 units in the last place; denormal results within 0.9. Exact where the result is
/// a double.
///
/// x^y = e^(y·ln |x|), where the logarithm and the product are pairs of doubles. The special cases
/// are those of `pow` in IEEE 754-2019, section 9.2.1: x^0 and 1^y are 1, even for NaN. A negative x
/// with an infinite y behaves as its magnitude. A negative finite x with a fractional y gives NaN.
package func power(_ x: Double, _ y: Double) -> Double {
  if y == 0 || x == 1 { return 1 }
  if x.isNaN || y.isNaN { return .nan }
  let size = x.magnitude
  if y.isInfinite {
    if size == 1 { return 1 }
    return (size > 1) == (y > 0) ? .infinity : 0
  }
  let isNegative = x.sign == .minus && y.isOdd
  if size == 0 || size == .infinity {
    let result: Double = (size == 0) == (y > 0) ? 0 : .infinity
    return isNegative ? -result : result
  }
  if x < 0, y != y.rounded(.towardZero) { return .nan }
  let result = size == 1 ? 1 : magnitudePower(size, y)
  return isNegative ? -result : result
}

/// x^y for positive finite x other than 1, and finite y.
private func magnitudePower(_ x: Double, _ y: Double) -> Double {
  if y == 1 { return x }
  let logarithm = logarithmPair(x)
  // Beyond these bounds the result is 0 or ∞ in any case. Within them the exact product is safe.
  let estimate = y * logarithm.high
  if estimate > 720 { return .infinity }
  if estimate < -760 { return 0 }
  // A tiny exponent gives 1 ± less than half a unit in the last place.
  if estimate.magnitude < 0x1p-60 { return 1 + estimate }
  return exponential(of: logarithm * y)
}

extension Double {
  /// True for odd integers. Every double of 2⁵³ and above is even.
  fileprivate var isOdd: Bool {
    guard magnitude < 0x1p53, let integer = Int64(exactly: self) else { return false }
    return integer & 1 == 1
  }
}
