import Reports
import Testing

@Suite("Axes")
struct AxisTests {
  struct Case: CustomTestStringConvertible {
    let range: ClosedRange<Double>
    let count: Int
    let ends: ClosedRange<Double>
    let labels: [String]

    var testDescription: String { "\(range), \(count) ticks" }
  }

  @Test(
    "end at nice numbers if they are loose",
    arguments: [
      Case(
        range: 0.03...1.31, count: 8, ends: 0...1.4,
        labels: ["0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2", "1.4"]),
      Case(
        range: 0.3...0.7, count: 5, ends: 0.3...0.7, labels: ["0.3", "0.4", "0.5", "0.6", "0.7"]),
      Case(range: -12...7, count: 5, ends: -15...10, labels: ["-15", "-10", "-5", "0", "5", "10"]),
      Case(range: 0...4_000, count: 3, ends: 0...4_000, labels: ["0", "2,000", "4,000"]),
      Case(range: 0...3e7, count: 4, ends: 0...3e7, labels: ["0", "1e7", "2e7", "3e7"]),
      Case(range: 0...5e-6, count: 3, ends: 0...6e-6, labels: ["0", "2e-6", "4e-6", "6e-6"]),
      Case(
        range: 1...1.000_03, count: 4, ends: 1...1.000_03,
        labels: ["1.00000", "1.00001", "1.00002", "1.00003"]),
      Case(
        range: -1e300...1e300, count: 3, ends: -1e300...1e300, labels: ["-1e300", "0", "1e300"]),
    ])
  func loose(test: Case) {
    let axis = Axis(loose: test.range, tickCount: test.count)
    #expect(axis.ticks.map(\.label) == test.labels)
    #expect(axis.range == test.ends)
    #expect(axis.ticks.first?.value == test.ends.lowerBound)
    #expect(axis.ticks.last?.value == test.ends.upperBound)
  }

  @Test(
    "keep their ends if they are tight",
    arguments: [
      Case(
        range: -1.2...1.2, count: 5, ends: -1.2...1.2, labels: ["-1.0", "-0.5", "0", "0.5", "1.0"]),
      Case(range: 0.1...0.3, count: 3, ends: 0.1...0.3, labels: ["0.1", "0.2", "0.3"]),
    ])
  func tight(test: Case) {
    let axis = Axis(tight: test.range, tickCount: test.count)
    #expect(axis.ticks.map(\.label) == test.labels)
    #expect(axis.range == test.ends)
  }

  @Test("have ticks only at whole numbers on request")
  func wholeNumbers() {
    let axis = Axis(tight: 0...3, tickCount: 10, wholeNumbers: true)
    #expect(axis.ticks.map(\.label) == ["0", "1", "2", "3"])
    #expect(Axis(tight: 0...3, tickCount: 10).ticks.count == 7)
    let wide = Axis(tight: 0...3_000, tickCount: 4, wholeNumbers: true)
    #expect(wide.ticks.map(\.label) == ["0", "1,000", "2,000", "3,000"])
  }

  @Test(
    "are logarithmic if values span more than two decades",
    arguments: [
      Case(range: 0.0007...3, count: 6, ends: 0.0005...5, labels: ["0.001", "0.01", "0.1", "1"]),
      Case(
        range: 0.9...101, count: 8, ends: 0.5...200,
        labels: ["0.5", "1", "2", "5", "10", "20", "50", "100", "200"]),
      Case(
        range: 0.05...1e18, count: 5, ends: 0.05...1e18,
        labels: ["1", "100,000", "1e10", "1e15"]),
      Case(
        range: 1e-300...1e300, count: 4, ends: 1e-300...1e300, labels: ["1e-151", "1", "1e151"]),
    ])
  func logarithmic(test: Case) {
    let axis = Axis(values: test.range, allowsLogarithm: true, tickCount: test.count)
    #expect(axis.scale == .logarithmic)
    #expect(axis.ticks.map(\.label) == test.labels)
    #expect(axis.range == test.ends)
  }

  @Test(
    "are linear otherwise",
    arguments: [(1.0...99, true), (0...1e6, true), (-1...1e6, true), (1...1e6, false)])
  func linear(range: ClosedRange<Double>, allowsLogarithm: Bool) {
    let axis = Axis(values: range, allowsLogarithm: allowsLogarithm, tickCount: 5)
    #expect(axis.scale == .linear)
  }

  @Test(
    "widen a range of one value",
    arguments: [
      (0.0, 0.0...1), (0.1, 0...0.2), (-3, -6...0), (1e300, 0...2e300),
      (.leastNonzeroMagnitude, 0...1),
      (1_000_000.000_000_1, 0...2_000_000),
    ])
  func degenerate(value: Double, range: ClosedRange<Double>) {
    let axis = Axis(loose: value...value, tickCount: 3)
    #expect(axis.range.contains(range.lowerBound) && axis.range.contains(range.upperBound))
    #expect((2...6).contains(axis.ticks.count))
    #expect((0...1).contains(axis.fraction(of: value)))
  }

  @Test(
    "cover any range with a handful of ticks",
    arguments: [
      -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, -Double.infinity...0,
      0...Double.leastNonzeroMagnitude, 1...1.nextUp, 1e15...1e15 + 1, 1e-299...1e-298,
      1e299...1e300, -0.0...0,
    ])
  func anyRange(range: ClosedRange<Double>) {
    for axis in [
      Axis(loose: range, tickCount: 5), Axis(tight: range, tickCount: 5),
      Axis(values: range, allowsLogarithm: true, tickCount: 5),
      Axis(tight: range, tickCount: 5, wholeNumbers: true),
    ] {
      #expect(axis.ticks.count <= 12)
      #expect(axis.range.lowerBound < axis.range.upperBound)
      #expect(axis.ticks.allSatisfy { $0.value.isFinite && $0.label.utf8.count < 20 })
      #expect(axis.fraction(of: axis.range.lowerBound) == 0)
      #expect(abs(axis.fraction(of: axis.range.upperBound) - 1) < 1e-12)
    }
  }

  @Test("map values to fractions")
  func fractions() {
    let linear = Axis(tight: -1...3, tickCount: 5)
    #expect(linear.fraction(of: 0) == 0.25)
    #expect(linear.fraction(of: 5) == 1.5)
    let logarithmic = Axis(logarithmic: 0.01...100, tickCount: 5)
    #expect(logarithmic.fraction(of: 1) == 0.5)
    #expect(logarithmic.fraction(of: 10) == 0.75)
  }
}
