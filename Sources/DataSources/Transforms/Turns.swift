/// Sine and cosine of an angle in turns, with the same bits on every processor.
///
/// The angle is reduced to an eighth of a turn, where the Taylor series to the 18th power is exact to
/// double precision.
enum Turns {
  /// Returns sin(2π·`turns`) and cos(2π·`turns`).
  static func sineAndCosine(_ turns: Double) -> (sine: Double, cosine: Double) {
    let quarters = (turns * 4).rounded()
    let angle = (turns - quarters / 4) * (2 * Double.pi)
    let square = angle * angle
    let sine = angle * series(square, sineTerms)
    let cosine = series(square, cosineTerms)
    // The remainder of a division by 4 is one of −3 … 3.
    switch quarters.truncatingRemainder(dividingBy: 4) {
    case 1, -3: return (cosine, -sine)
    case 2, -2: return (-sine, -cosine)
    case 3, -1: return (-cosine, sine)
    default: return (sine, cosine)
    }
  }

  private static func series(_ square: Double, _ terms: [Double]) -> Double {
    terms.reversed().reduce(0) { $0 * square + $1 }
  }

  /// (−1)ⁿ / (2n + 1)! and (−1)ⁿ / (2n)! for n = 0 … 9.
  private static let sineTerms = terms(from: 1)
  private static let cosineTerms = terms(from: 0)

  private static func terms(from first: Int) -> [Double] {
    var factorial = 1.0
    return (0..<10).map { n in
      if n > 0 { factorial *= Double((2 * n + first) * (2 * n + first - 1)) }
      return (n.isMultiple(of: 2) ? 1 : -1) / factorial
    }
  }
}
