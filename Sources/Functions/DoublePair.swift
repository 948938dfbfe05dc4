/// The unevaluated sum of two doubles, with about 106 significant bits.
///
/// All operations are additions and multiplications of IEEE 754. They need no fused
/// multiply-add, so that every processor gives the same bits.
///
/// Reference: T. J. Dekker, "A floating-point technique for extending the available precision",
/// 1971; D. E. Knuth, "The art of computer programming", volume 2, section 4.2.2.
struct DoublePair {
  var high: Double
  var low: Double

  /// high + low, rounded.
  var sum: Double { high + low }

  @inline(__always)
  init(_ high: Double, _ low: Double) {
    self.high = high
    self.low = low
  }

  /// a + b, exactly.
  @inline(__always)
  init(sumOf a: Double, _ b: Double) {
    high = a + b
    let partOfB = high - a
    low = (a - (high - partOfB)) + (b - partOfB)
  }

  /// a·b, exactly, for factors below 2⁹⁷⁰ and products above 2⁻⁹⁶⁹.
  @inline(__always)
  init(productOf a: Double, _ b: Double) {
    let (upperA, lowerA) = DoublePair.halves(a)
    let (upperB, lowerB) = DoublePair.halves(b)
    high = a * b
    low = ((upperA * upperB - high) + upperA * lowerB + lowerA * upperB) + lowerA * lowerB
  }

  /// Splits a number into an upper half of 26 bits and the rest.
  @inline(__always)
  private static func halves(_ a: Double) -> (upper: Double, lower: Double) {
    let scaled = 0x1.000_0002p27 * a
    let upper = scaled - (scaled - a)
    return (upper, a - upper)
  }

  /// The same value, with a low part of at most half a unit in the last place of the high part.
  var normalized: DoublePair { DoublePair(sumOf: high, low) }

  static func + (a: DoublePair, b: DoublePair) -> DoublePair {
    let sum = DoublePair(sumOf: a.high, b.high)
    return DoublePair(sumOf: sum.high, sum.low + (a.low + b.low))
  }

  static prefix func - (a: DoublePair) -> DoublePair { DoublePair(-a.high, -a.low) }

  static func * (a: DoublePair, b: DoublePair) -> DoublePair {
    let product = DoublePair(productOf: a.high, b.high)
    return DoublePair(sumOf: product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  static func * (a: DoublePair, b: Double) -> DoublePair {
    let product = DoublePair(productOf: a.high, b)
    return DoublePair(sumOf: product.high, product.low + a.low * b)
  }

  /// The quotient of two normalized pairs.
  static func / (a: DoublePair, b: DoublePair) -> DoublePair {
    let quotient = a.high / b.high
    let product = DoublePair(productOf: quotient, b.high)
    let rest = ((a.high - product.high) - product.low) + (a.low - quotient * b.low)
    return DoublePair(sumOf: quotient, rest / b.high)
  }
}
