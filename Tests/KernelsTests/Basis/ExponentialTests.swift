import Glibc
import Kernels
import Oracles
import Testing

@Suite("Exponentials") struct ExponentialTests {
  /// Returns the error of `value` in units in the last place.
  private static func error(_ value: Float, _ exact: Double) -> Double {
    let rounded = Float(exact)
    if value == rounded { return 0 }
    guard value.isFinite, rounded.isFinite else { return .infinity }
    return abs(Double(value) - exact) / Double(rounded.ulp)
  }

  /// Returns one of every `stride` floats between 0 and `bound`, and their negations.
  private static func floats(upTo bound: Float, stride step: UInt32) -> [Float] {
    stride(from: 0, through: bound.bitPattern, by: Int(step)).flatMap {
      [Float(bitPattern: $0), -Float(bitPattern: $0)]
    }
  }

  @Test("are within 2 units in the last place over the whole range", .tags(.slow))
  func exponentials() {
    var worst = (error: 0.0, at: Float(0))
    for x in ExponentialTests.floats(upTo: 88.72, stride: 1_009) {
      let error = ExponentialTests.error(exponential(x), exp(Double(x)))
      if error > worst.error { worst = (error, x) }
    }
    for x in ExponentialTests.floats(upTo: 105, stride: 101) where x < -80 {
      let error = ExponentialTests.error(exponential(x), exp(Double(x)))
      if error > worst.error { worst = (error, x) }
    }
    #expect(worst.error <= 2, "\(worst)")
    #expect(worst.error > 0.5)
  }

  @Test("reach their limits, and propagate NaN")
  func limits() {
    #expect(exponential(0) == 1 && exponential(-0.0) == 1)
    for x: Float in [89, 200, 1e30, .greatestFiniteMagnitude, .infinity] {
      #expect(exponential(x) == .infinity)
      #expect(exponential(-x) == (x == 89 ? exponential(-89) : 0))
      #expect(exponentialMinusOne(ofNegative: -x) == -1)
      #expect(exponentialMinusOne(ofNegative: x) == 0)
    }
    #expect(exponential(-89) > 0)
    #expect(exponential(.nan).isNaN && exponentialMinusOne(ofNegative: .nan).isNaN)
    #expect(sigmoid(.nan).isNaN)
  }

  @Test("minus 1 keep all digits near 0")
  func minusOne() {
    var worst = 0.0
    for x in ExponentialTests.floats(upTo: 100, stride: 1_013) where x < 0 && x < -1e-37 {
      worst = max(
        worst, ExponentialTests.error(exponentialMinusOne(ofNegative: x), expm1(Double(x))))
    }
    #expect(worst <= 3, "\(worst)")
  }

  @Test("give a sigmoid that saturates exactly")
  func sigmoids() {
    for x: Float in [104, 200, 1e30, .infinity] {
      #expect(sigmoid(x) == 1 && sigmoid(-x) == 0)
    }
    var worst = 0.0
    for x in ExponentialTests.floats(upTo: 80, stride: 1_019) {
      worst = max(worst, ExponentialTests.error(sigmoid(x), 1 / (1 + exp(-Double(x)))))
    }
    #expect(worst <= 4, "\(worst)")
  }
}
