/// An angle x = k·π/2 + r with abs(r) ≤ π/4, with k modulo 4 as the quadrant, and r as a pair.
struct ReducedAngle {
  let quadrant: Int
  let rest: DoublePair

  private init(quadrant: Int, rest: DoublePair) {
    self.quadrant = quadrant
    self.rest = rest
  }

  /// Reduces any x. The rest is NaN if x is not finite.
  init(_ x: Double) {
    if x.magnitude <= 0x1.921fb54442d18p-1 {
      self.init(quadrant: 0, rest: DoublePair(x, 0))
    } else if x.magnitude < 0x1p20 {
      self.init(moderate: x)
    } else if x.isFinite {
      self.init(large: x)
    } else {
      self.init(quadrant: 0, rest: DoublePair(.nan, .nan))
    }
  }

  /// Reduces 2π·turns.
  init(turns: Double) {
    // Whole turns have no influence. The subtraction is exact.
    let turns = turns.magnitude < 0x1p40 ? turns : turns - turns.rounded(.down)
    let (quarters, quadrant) = ReducedAngle.rounded(4 * turns)
    let part = turns - quarters / 4
    let twoPi = DoublePair(0x1.921fb54442d18p2, 0x1.1a62633145c07p-52)
    let isTiny = part.magnitude < 0x1p-400
    self.init(
      quadrant: quadrant, rest: isTiny ? DoublePair(twoPi.high * part, 0) : twoPi * part)
  }

  /// Subtracts multiples of four parts of π/2. The first three have 33 bits, so that their products
  /// with a k below 2²⁰ are exact.
  ///
  /// Reference: W. J. Cody, W. Waite, "Software manual for the elementary functions", 1980.
  private init(moderate x: Double) {
    let (k, quadrant) = ReducedAngle.rounded(x * 0x1.45f306dc9c883p-1)
    let first = x - k * 0x1.921fb544p0
    let second = DoublePair(sumOf: first, -k * 0x1.0b4611a6p-34)
    let third = second + DoublePair(-k * 0x1.3198a2ep-69, -k * 0x1.b839a252049c1p-104)
    self.init(quadrant: quadrant, rest: third)
  }

  /// Multiplies by 192 bits of 2/π that decide on k modulo 4 and the rest.
  ///
  /// Reference: M. Payne, R. Hanek, "Radian reduction for trigonometric functions", 1983.
  private init(large x: Double) {
    let exponent = Int(truncatingIfNeeded: x.exponent) &- 52
    let mantissa = x.magnitude.significandBitPattern | 1 << 52
    // Bits of 2/π with a weight of 4 or more only add multiples of 4 to the product.
    let window = TwoOverPi.window(from: exponent &- 1)
    let low = mantissa.multipliedFullWidth(by: window.low)
    let middle = mantissa.multipliedFullWidth(by: window.middle)
    let (sum, carry) = middle.low.addingReportingOverflow(low.high)
    let high = mantissa &* window.high &+ middle.high &+ (carry ? 1 : 0)
    // Two bits of the product count quarters of a turn. The others form a fraction of one.
    var quadrant = Int(truncatingIfNeeded: high >> 62)
    var words = (high << 2 | sum >> 62, sum << 2 | low.low >> 62, low.low << 2)
    let isNegative = words.0 >> 63 == 1
    if isNegative {
      quadrant &+= 1
      words = (~words.0, ~words.1, ~words.2)
    }
    let zeros = words.0.leadingZeroBitCount
    if zeros > 0, zeros < 64 {
      words.0 = words.0 << zeros | words.1 >> (64 &- zeros)
      words.1 = words.1 << zeros | words.2 >> (64 &- zeros)
    }
    // A double holds the upper 53 bits. The next 53 follow.
    let scale = Double(powerOfTwo: -53 &- zeros) * (isNegative ? -1 : 1)
    let fraction = DoublePair(
      Double(words.0 >> 11) * scale,
      Double((words.0 & 0x7FF) << 42 | words.1 >> 22) * 0x1p-53 * scale)
    let rest = fraction * DoublePair(0x1.921fb54442d18p0, 0x1.1a62633145c07p-54)
    let isForward = x > 0
    self.init(
      quadrant: isForward ? quadrant & 3 : (4 &- quadrant) & 3, rest: isForward ? rest : -rest)
  }

  /// The nearest integer of a number below 2⁵¹, and that integer modulo 4.
  private static func rounded(_ x: Double) -> (integer: Double, quadrant: Int) {
    let magic = 0x1.8p52
    let shifted = x + magic
    return (shifted - magic, Int(truncatingIfNeeded: shifted.bitPattern & 3))
  }

  /// The angle plus π/2, whose sine is the cosine of this angle.
  var advanced: ReducedAngle { ReducedAngle(quadrant: (quadrant &+ 1) & 3, rest: rest) }

  /// sin r = r + r³·p(r²), as a pair that is not normalized.
  var sine: DoublePair {
    let r = rest.high
    let z = r * r
    var p = -0x1.aaa560da419fap-41
    p = p * z + 0x1.612092eaba1b5p-33
    p = p * z - 0x1.ae6452989af9cp-26
    p = p * z + 0x1.71de3a5339b39p-19
    p = p * z - 0x1.a01a01a018ae7p-13
    p = p * z + 0x1.111111111110bp-7
    p = p * z - 0x1.5555555555555p-3
    return DoublePair(r, r * (z * p) + rest.low * (1 - 0.5 * z))
  }

  /// cos r = 1 − r²/2 + r⁴·p(r²), as a pair that is not normalized.
  var cosine: DoublePair {
    let r = rest.high
    let z = r * r
    var p = 0x1.aac5c915bbfe6p-45
    p = p * z - 0x1.9393387f2d32ap-37
    p = p * z + 0x1.1eed8ca3df30ap-29
    p = p * z - 0x1.27e4fb75fda44p-22
    p = p * z + 0x1.a01a01a018decp-16
    p = p * z - 0x1.6c16c16c16c1p-10
    p = p * z + 0x1.5555555555555p-5
    let square = z < 0x1p-200 ? DoublePair(0, 0) : DoublePair(productOf: r, -0.5 * r)
    let start = DoublePair(sumOf: 1, square.high)
    return DoublePair(start.high, (start.low + square.low) + (z * (z * p) - r * rest.low))
  }

  /// The sum of a pair, negative in the third and fourth quadrant.
  func signed(_ pair: DoublePair) -> Double { quadrant & 2 == 0 ? pair.sum : -pair.sum }
}
