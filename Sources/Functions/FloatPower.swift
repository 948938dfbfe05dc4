/// x^y, within 0.51 units in the last place, including denormal results.
///
/// x^y = 2^(y·log₂ |x|), computed in double without a branch and without a table. The special cases
/// are those of `pow` in IEEE 754-2019, section 9.2.1; see ``power(_:_:)-(Double,_)``.
@inlinable @inline(__always)
public func power(_ x: Float, _ y: Float) -> Float {
  let size = x.magnitude
  let finite = SmallPower.logarithm(Double(size))
  let positive = size == .infinity ? Double.infinity : finite
  let logarithm = size == 0 ? -Double.infinity : positive
  let exponent = Double(y) * logarithm
  // Beyond these bounds the result is 0 or ∞.
  let above = exponent < -200 ? -200 : exponent
  let magnitude = Float(SmallPower.ofTwo(above > 200 ? 200 : above))
  let isInteger = y.rounded(.towardZero) == y
  let half = y * 0.5
  // Half of a denormal number is rounded, but a denormal number is not an integer.
  let isOdd = half.rounded(.towardZero) != half
  let isNegative = x.sign == .minus
  let signed = isNegative && isInteger && isOdd ? -magnitude : magnitude
  let isReal = !(x < 0) || isInteger || size == .infinity
  let real = isReal ? signed : Float.nan
  let one = size == 1 && y.magnitude == .infinity ? 1 : real
  let number = x == x && y == y ? one : Float.nan
  return x == 1 || y == 0 ? 1 : number
}
