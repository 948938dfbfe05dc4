/// erf x = 2/√π · ∫₀ˣ e^(−t²) dt, within 0.8 units in the last place.
///
/// Below ½ the result is x·(2/√π + x²·p(x²)). Beyond it is 1 − erfc x.
package func errorFunction(_ x: Double) -> Double {
  let size = x.magnitude
  if x.isNaN { return x }
  if size < 0.5 { return smallErrorFunction(x).sum }
  // erfc 6 is below a quarter of a unit in the last place of 1.
  if size > 6 { return x < 0 ? -1 : 1 }
  let rest = scaledComplement(size)
  let result = (DoublePair(1, 0) + -rest.normalized).high
  return x < 0 ? -result : result
}

/// erfc x = 1 − erf x without cancellation, within 0.9 units in the last place; denormal results
/// within 1.
///
/// From ½ on, erfc x = e^(−x²)·g(x), where x² is exact. g is a polynomial on each of four intervals.
/// Its constant term is a pair of doubles.
package func complementaryErrorFunction(_ x: Double) -> Double {
  if x.isNaN { return x }
  if x > 28 { return 0 }
  if x < -6 { return 2 }
  if x.magnitude < 0.5 {
    return (DoublePair(1, 0) + -smallErrorFunction(x)).high
  }
  if x < 0 { return (DoublePair(2, 0) + -scaledComplement(-x).normalized).high }
  guard x > 26 else { return scaledComplement(x).sum }
  // The result may be denormal. It is scaled last, so that it is rounded once more at most.
  let square = DoublePair(productOf: x, x)
  let parts = ExponentialParts(-square.high, low: -square.low)
  return (parts.scaled.normalized * scaledFunction(x)).sum.scaled(byPowerOfTwo: parts.n)
}

/// erf x for abs(x) < ½, as a pair.
private func smallErrorFunction(_ x: Double) -> DoublePair {
  // A square below 2⁻⁵⁴ has no influence, and products of parts of small numbers are not exact.
  // The low part keeps the sign of −0.
  if x.magnitude < 0x1p-300 {
    return DoublePair(0x1.20dd750429b6dp0 * x, -0.0)
  }
  let z = x * x
  var p = 0x1.c6549c134a34ep-27
  p = p * z - 0x1.5d7c89bf0930ap-23
  p = p * z + 0x1.b9d20ae2cc98p-20
  p = p * z - 0x1.f4d1d4251c975p-17
  p = p * z + 0x1.f9a324bcd4c9ep-14
  p = p * z - 0x1.c02db3fa39c32p-11
  p = p * z + 0x1.565bcd0e60488p-8
  p = p * z - 0x1.b82ce31288a1dp-6
  p = p * z + 0x1.ce2f21a042be1p-4
  p = p * z - 0x1.812746b0379e7p-2
  let leading = DoublePair(0x1.20dd750429b6dp0, 0x1.1ae3a914fed80p-56) * x
  return DoublePair(sumOf: leading.high, leading.low + x * (z * p))
}

/// erfc x for x from ½ to 26, as a pair that is not normalized.
private func scaledComplement(_ x: Double) -> DoublePair {
  let square = DoublePair(productOf: x, x)
  return exponentialPair(-square.high, low: -square.low) * scaledFunction(x)
}

/// g(x) = e^(x²)·erfc x for x from ½ to 28, as a normalized pair.
private func scaledFunction(_ x: Double) -> DoublePair {
  if x < 1.25 { return nearOne(x - 0.875) }
  if x < 2.25 { return nearTwo(x - 1.75) }
  if x < 4 { return nearThree(x - 3) }
  let inverse = 1 / (x * x)
  var p = 0x1.32f64774e6d9bp32
  p = p * inverse - 0x1.79a9eb6fcf5eap31
  p = p * inverse + 0x1.bcf4e0dc7e78ap29
  p = p * inverse - 0x1.541bcb6507e8cp27
  p = p * inverse + 0x1.86097ef48364p24
  p = p * inverse - 0x1.757d3fb990a46p21
  p = p * inverse + 0x1.4949c5a3865b7p18
  p = p * inverse - 0x1.24006074bb1a2p15
  p = p * inverse + 0x1.167b653b35a5fp12
  p = p * inverse - 0x1.29bc1ae6e1bb2p9
  p = p * inverse + 0x1.6e8a28c7279dfp6
  p = p * inverse - 0x1.0a9450f042bb5p4
  p = p * inverse + 0x1.d9eb536741ac4p1
  p = p * inverse - 0x1.0ecf9db2fce02p0
  p = p * inverse + 0x1.b14c2f863d05fp-2
  p = p * inverse - 0x1.20dd750429b69p-2
  let start = DoublePair(sumOf: 0x1.20dd750429b6dp-1, inverse * p)
  return DoublePair(start.high, start.low + 0x1.1ae3a914fed80p-57).normalized / DoublePair(x, 0)
}

/// g(0.875 + u)
private func nearOne(_ u: Double) -> DoublePair {
  var p = -0x1.b99ea3abd5556p-21
  p = p * u + 0x1.66f28c5df1ab6p-19
  p = p * u - 0x1.0e36338237f0cp-17
  p = p * u + 0x1.a051abe8b15e7p-16
  p = p * u - 0x1.370c25adb982fp-14
  p = p * u + 0x1.c0b565993db78p-13
  p = p * u - 0x1.37fe6c6cd7837p-11
  p = p * u + 0x1.a0ef7af4ef55ap-10
  p = p * u - 0x1.0ab38331c11bfp-8
  p = p * u + 0x1.452648da835e1p-7
  p = p * u - 0x1.779dd2a3d0e39p-6
  p = p * u + 0x1.9831c2c84b7afp-5
  p = p * u - 0x1.9d5868de0b5e3p-4
  p = p * u + 0x1.80ef8f454cfa2p-3
  p = p * u - 0x1.4369f60195edcp-2
  let start = DoublePair(sumOf: 0x1.db747ee409ac5p-2, u * p)
  return DoublePair(start.high, start.low + -0x1.55a083acba9f3p-56).normalized
}

/// g(1.75 + u)
private func nearTwo(_ u: Double) -> DoublePair {
  var p = 0x1.31e198f860c6fp-28
  p = p * u - 0x1.28059aa9456bep-26
  p = p * u + 0x1.064299368c75bp-24
  p = p * u - 0x1.e806dcf921a19p-23
  p = p * u + 0x1.bc16084162726p-21
  p = p * u - 0x1.88ff401e1067bp-19
  p = p * u + 0x1.5273e47d52378p-17
  p = p * u - 0x1.1b290a324ffcap-15
  p = p * u + 0x1.cb4c68a9ec3c2p-14
  p = p * u - 0x1.6838885f54b7cp-12
  p = p * u + 0x1.106bd5c01f26dp-10
  p = p * u - 0x1.8bf716a8d0a2cp-9
  p = p * u + 0x1.13648a1200049p-7
  p = p * u - 0x1.6cb52fe48954bp-6
  p = p * u + 0x1.c8d0cef0f810cp-5
  p = p * u - 0x1.0c3d538446447p-3
  let start = DoublePair(sumOf: 0x1.23cfc2f1dc7ep-2, u * p)
  return DoublePair(start.high, start.low + 0x1.3b1040eb318c2p-57).normalized
}

/// g(3 + u)
private func nearThree(_ u: Double) -> DoublePair {
  var p = 0x1.172f368b7fa43p-40
  p = p * u - 0x1.f5f7e0983b889p-38
  p = p * u + 0x1.2629f50b23b5p-35
  p = p * u - 0x1.51f9c3e36cd76p-33
  p = p * u + 0x1.8b10908d1607ep-31
  p = p * u - 0x1.c74891991a051p-29
  p = p * u + 0x1.0153b426578a5p-26
  p = p * u - 0x1.1d79582bb2271p-24
  p = p * u + 0x1.3698f3e58ea3p-22
  p = p * u - 0x1.4b1460e89bcaep-20
  p = p * u + 0x1.595f1b92b230fp-18
  p = p * u - 0x1.602510412ceaap-16
  p = p * u + 0x1.5e73930426d33p-14
  p = p * u - 0x1.53dec9d0814ecp-12
  p = p * u + 0x1.409cc2ed4043bp-10
  p = p * u - 0x1.259061ba856e9p-8
  p = p * u + 0x1.043fe1a98c0cbp-6
  p = p * u - 0x1.bd6ae4d14b16fp-5
  let start = DoublePair(sumOf: 0x1.6e9827d229d2dp-3, u * p)
  return DoublePair(start.high, start.low - 0x1.90753de713593p-58).normalized
}
