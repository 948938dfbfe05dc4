import Reports
import Testing

@Suite("Envelopes")
struct EnvelopeTests {
  private func envelope(
    _ iterations: [Int], _ values: [Double], _ range: ClosedRange<Double>, columns: Int
  ) -> Envelope {
    let series = ReportContent.Series(name: "loss", iterations: iterations, values: values)
    return Envelope(series, iterations: range, columns: columns)
  }

  @Test("contain the least, the greatest and the mean value of each column")
  func columns() {
    let thinned = envelope(Array(0...5), [1, 3, 8, 2, 2, 5], 0...5, columns: 2)
    #expect(thinned.minimum == [1, 2])
    #expect(thinned.maximum == [8, 5])
    #expect(thinned.mean == [4, 3])
    #expect(thinned.count == [3, 3])
    #expect(thinned.gapCount == [0, 0])
  }

  @Test("keep a single extreme among a million values")
  func extremes() {
    var values = Array(repeating: 1.0, count: 1_000_000)
    values[123_456] = 50
    values[876_543] = -50
    let thinned = envelope(Array(0..<1_000_000), values, 0...999_999, columns: 900)
    #expect(thinned.maximum.filter { $0 == 50 }.count == 1)
    #expect(thinned.maximum[111] == 50)
    #expect(thinned.minimum[788] == -50)
    #expect(thinned.count.reduce(0, +) == 1_000_000)
  }

  @Test("count values that cannot be drawn, and ignore them otherwise")
  func gaps() {
    let values = [1, .nan, .infinity, -.infinity, 1e301, 2]
    let thinned = envelope([0, 1, 4, 5, 6, 10], values, 0...10, columns: 5)
    #expect(thinned.count == [1, 0, 0, 0, 1])
    #expect(thinned.gapCount == [1, 0, 2, 1, 0])
    #expect(thinned.mean == [1, 0, 0, 0, 2])
  }

  @Test("ignore iterations outside the range")
  func outside() {
    let thinned = envelope([-1, 0, 4, 5], [9, 1, 2, 9], 0...4, columns: 2)
    #expect(thinned.count == [1, 1])
    #expect(thinned.maximum == [1, 2])
  }

  @Test("have finite means for the greatest values")
  func largeValues() {
    let thinned = envelope([0, 0, 0], [1e300, 1e300, -1e300], 0...1, columns: 1)
    #expect(thinned.minimum == [-1e300])
    #expect(abs(thinned.mean[0] - 1e300 / 3) < 1e285)
  }

  @Test("have one column if all iterations are equal")
  func onePlace() {
    #expect(envelope([7, 7], [1, 3], 7...7, columns: 2).mean == [2, 0])
  }

  @Test("of an empty series are empty")
  func empty() {
    #expect(envelope([], [], 0...1, columns: 3).count == [0, 0, 0])
  }
}
