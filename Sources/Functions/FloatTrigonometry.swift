/// sin x, within 0.51 units in the last place for every float. NaN at ±∞.
///
/// Loops over many elements use ``moderateSine(_:)`` where all arguments are within its bound.
@inlinable @inline(__always)
public func sine(_ x: Float) -> Float {
  x.magnitude < FloatAngle.bound ? moderateSine(x) : Float(distantSine(x))
}

/// cos x, within 0.51 units in the last place for every float. NaN at ±∞.
@inlinable @inline(__always)
public func cosine(_ x: Float) -> Float {
  x.magnitude < FloatAngle.bound ? moderateCosine(x) : Float(distantCosine(x))
}

/// tan x, within 0.51 units in the last place for every float. NaN at ±∞.
@inlinable @inline(__always)
public func tangent(_ x: Float) -> Float {
  x.magnitude < FloatAngle.bound ? moderateTangent(x) : Float(distantTangent(x))
}

/// sin x for abs(x) below ``FloatAngle/bound``. It has no branch and no table, so that the compiler
/// vectorizes loops.
@inlinable @inline(__always)
public func moderateSine(_ x: Float) -> Float {
  let angle = FloatAngle(x)
  let value = angle.isOdd ? angle.cosine : angle.sine
  // The other terms would lose the sign of −0.
  return x == 0 ? x : Float(angle.isUpper ? value : -value)
}

/// cos x for abs(x) below ``FloatAngle/bound``.
@inlinable @inline(__always)
public func moderateCosine(_ x: Float) -> Float {
  let angle = FloatAngle(x)
  let value = angle.isOdd ? angle.sine : angle.cosine
  return Float(angle.isOdd == angle.isUpper ? -value : value)
}

/// tan x for abs(x) below ``FloatAngle/bound``.
@inlinable @inline(__always)
public func moderateTangent(_ x: Float) -> Float {
  let angle = FloatAngle(x)
  let (sine, cosine) = (angle.sine, angle.cosine)
  let (over, under) = (angle.isOdd ? -cosine : sine, angle.isOdd ? sine : cosine)
  return x == 0 ? x : Float(over / under)
}

/// arctan x, within 0.51 units in the last place. ±π/2 at ±∞.
///
/// The result is c + arctan t in double, with c = 0, π/4 or π/2. t is |x|, (|x| − 1) / (|x| + 1) or
/// −1 / |x|, and arctan t = t + t³·p(t²).
@inlinable @inline(__always)
public func arctangent(_ x: Float) -> Float {
  let size = Double(x.magnitude)
  let (isSmall, isLarge) = (size <= 0.414_213_562, size > 2.414_213_562)
  let (over, under) = (isLarge ? -1 : size - 1, isLarge ? size : size + 1)
  let t = (isSmall ? size : over) / (isSmall ? 1 : under)
  let offset = isLarge ? 0x1.921fb54442d18p0 : 0x1.921fb54442d18p-1
  let z = t * t
  var p = -0x1.36efbd436fba6p-5
  p = p * z + 0x1.1e701987502dcp-4
  p = p * z - 0x1.70875611a2666p-4
  p = p * z + 0x1.c6d2733fade03p-4
  p = p * z - 0x1.2490c6f46d62ap-3
  p = p * z + 0x1.99999216f7738p-3
  p = p * z - 0x1.5555554efdbcfp-2
  let value = (isSmall ? 0 : offset) + (t + t * (z * p))
  return Float(x.sign == .minus ? -value : value)
}

@inline(never)
@usableFromInline
func distantSine(_ x: Float) -> Double { sine(Double(x)) }

@inline(never)
@usableFromInline
func distantCosine(_ x: Float) -> Double { cosine(Double(x)) }

@inline(never)
@usableFromInline
func distantTangent(_ x: Float) -> Double { tangent(Double(x)) }
