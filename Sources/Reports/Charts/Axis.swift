internal import Glibc
internal import YAML

/// A scale from values to `0...1`, with ticks at nice numbers.
///
/// A nice number is 1, 2 or 5 times a power of ten. An axis accepts any range. If a range is too
/// narrow to divide in double precision, the axis widens the range to include zero. A range near
/// zero becomes 0 … 1.
///
/// Reference: P. S. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.
package struct Axis: Sendable {
  package enum Scale: Sendable {
    case linear
    case logarithmic
  }

  package struct Tick: Sendable {
    package let value: Double
    package let label: String
  }

  package let scale: Scale
  package let range: ClosedRange<Double>
  package let ticks: [Tick]

  /// Makes a linear axis with exactly the ends of `range`.
  package init(tight range: ClosedRange<Double>, tickCount: Int, wholeNumbers: Bool = false) {
    let range = Axis.divisible(range)
    let step = Axis.step(range, tickCount: tickCount, wholeNumbers: wholeNumbers)
    let first = Axis.multiple(of: step, notBelow: range.lowerBound)
    let last = Axis.multiple(of: step, notAbove: range.upperBound)
    self.init(linear: range, multiples: first..<max(first, last + 1), of: step)
  }

  /// Makes a linear axis that begins and ends at ticks.
  package init(loose range: ClosedRange<Double>, tickCount: Int) {
    let range = Axis.divisible(range)
    let step = Axis.step(range, tickCount: tickCount, wholeNumbers: false)
    let first = Axis.multiple(of: step, notAbove: range.lowerBound)
    let last = Axis.multiple(of: step, notBelow: range.upperBound)
    self.init(
      linear: step.multiplied(by: first).value...step.multiplied(by: last).value,
      multiples: first..<last + 1, of: step)
  }

  /// Makes a logarithmic axis that begins and ends at nice numbers. `range` must be positive.
  package init(logarithmic range: ClosedRange<Double>, tickCount: Int) {
    precondition(range.lowerBound > 0, "a logarithmic axis needs positive values")
    let range = range.clamped(to: 1e-300...Axis.limit)
    let decades =
      Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
    let nice = decades.flatMap { exponent in
      [1, 2, 5].map { DecimalNumber(significand: $0, exponent: exponent) }
    }
    let lower = nice.last { $0.value <= range.lowerBound }?.value ?? range.lowerBound
    let upper = nice.first { $0.value >= range.upperBound }?.value ?? range.upperBound
    let stride = max(1, (decades.count + tickCount - 1) / tickCount)
    let isShort = decades.count <= tickCount / 2 + 1
    self.scale = .logarithmic
    self.range = lower...upper
    self.ticks =
      nice
      .filter { (lower...upper).contains($0.value) }
      .filter { isShort || $0.significand == 1 && $0.exponent.isMultiple(of: stride) }
      .map { Tick(value: $0.value, label: $0.text) }
  }

  /// Makes the axis for a chart's values.
  ///
  /// It is logarithmic if `allowsLogarithm` is true and the values span more than two decades.
  package init(values range: ClosedRange<Double>, allowsLogarithm: Bool, tickCount: Int) {
    let spansDecades = range.lowerBound > 0 && range.upperBound / range.lowerBound > 100
    if allowsLogarithm, spansDecades {
      self.init(logarithmic: range, tickCount: tickCount)
    } else {
      self.init(loose: range, tickCount: tickCount)
    }
  }

  private init(
    linear range: ClosedRange<Double>, multiples: Range<Int>, of step: DecimalNumber
  ) {
    let greatest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    let isPlain = (1e-4..<1e7).contains(greatest)
    self.scale = .linear
    self.range = range
    self.ticks = multiples.map {
      let number = step.multiplied(by: $0)
      return Tick(value: number.value, label: isPlain ? number.plain : number.scientific)
    }
  }

  /// Returns 0 for the lower end and 1 for the upper end. A logarithmic axis requires a positive
  /// value.
  package func fraction(of value: Double) -> Double {
    switch scale {
    case .linear:
      (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    case .logarithmic:
      log10(value / range.lowerBound) / log10(range.upperBound / range.lowerBound)
    }
  }
}

extension Axis {
  /// The magnitude up to which differences and a few further multiplications stay finite.
  package static let limit = 1e300

  private static func divisible(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let range = range.clamped(to: -limit...limit)
    let greatest = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    guard range.upperBound - range.lowerBound <= max(greatest * 1e-9, 1e-290) else { return range }
    let middle = range.lowerBound
    if middle.magnitude < 1e-290 { return 0...1 }
    return min(0, 2 * middle)...max(0, 2 * middle)
  }

  private static func step(
    _ range: ClosedRange<Double>, tickCount: Int, wholeNumbers: Bool
  ) -> DecimalNumber {
    let wish = (range.upperBound - range.lowerBound) / Double(max(1, tickCount - 1))
    let exponent = Int(log10(wish).rounded(.down))
    let fraction = wish / pow(10, Double(exponent))
    let step =
      switch fraction {
      case ..<1.5: DecimalNumber(significand: 1, exponent: exponent)
      case ..<3: DecimalNumber(significand: 2, exponent: exponent)
      case ..<7: DecimalNumber(significand: 5, exponent: exponent)
      default: DecimalNumber(significand: 1, exponent: exponent + 1)
      }
    return wholeNumbers && step.exponent < 0 ? DecimalNumber(significand: 1, exponent: 0) : step
  }

  /// The tolerance for rounded quotients of decimal fractions: 0.3 / 0.1 is below 3.
  private static let slack = 1e-6

  private static func multiple(of step: DecimalNumber, notAbove value: Double) -> Int {
    Int((value / step.value + slack).rounded(.down))
  }

  private static func multiple(of step: DecimalNumber, notBelow value: Double) -> Int {
    Int((value / step.value - slack).rounded(.up))
  }
}
