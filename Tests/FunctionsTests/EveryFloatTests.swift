import Foundation
import Functions
import Testing

/// Compares the float functions with those in double, which are exact enough to count.
///
/// The short form tests one float in 40,009. The long form tests every float, in some two hours on two
/// cores:
///
///     DLRUN_EVERY_FLOAT=1 swift test -c release --filter EveryFloatTests
@Suite struct EveryFloatTests {
  static let step: UInt32 =
    ProcessInfo.processInfo.environment["DLRUN_EVERY_FLOAT"] == nil ? 40_009 : 1

  @Test(arguments: FunctionEntry.all)
  func floats(_ entry: FunctionEntry) {
    var (worst, place) = (0.0, Float(0))
    var bits: UInt32 = 0
    while true {
      let x = Float(bitPattern: bits)
      let error = EveryFloatTests.error(entry.float(x), entry.double(Double(x)))
      if error > worst { (worst, place) = (error, x) }
      let (next, isLast) = bits.addingReportingOverflow(EveryFloatTests.step)
      guard !isLast else { break }
      bits = next
    }
    #expect(worst <= entry.floatBound, "\(entry.name)(\(place))")
  }

  /// The error in units in the last place of the exact value. ∞ for a wrong NaN or infinity.
  private static func error(_ value: Float, _ exact: Double) -> Double {
    if value.isNaN || exact.isNaN { return value.isNaN && exact.isNaN ? 0 : .infinity }
    let rounded = Float(exact)
    if value.isInfinite || rounded.isInfinite { return value == rounded ? 0 : .infinity }
    // Below the least normal number all units are equal.
    let unit = exact.magnitude < 0x1p-126 ? 0x1p-149 : exact.ulp * 0x1p29
    return (Double(value) - exact).magnitude / unit
  }
}
