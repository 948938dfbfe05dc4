import Functions
import Testing

/// Compares every function with mpmath. The error counts in units in the last place of the exact
/// value, and the bounds are those of the documentation.
@Suite struct AccuracyTests {
  @Test(arguments: FunctionEntry.all)
  func doubles(_ entry: FunctionEntry) throws {
    let worst = try FunctionCase.worst("double-\(entry.name)") { entry.double($0[0]) }
    #expect(worst.count > 2000)
    #expect(worst.error <= entry.doubleBound, "at \(worst.arguments)")
  }

  @Test(arguments: FunctionEntry.all)
  func floats(_ entry: FunctionEntry) throws {
    let worst = try FunctionCase.worst("float-\(entry.name)") { entry.float($0[0]) }
    #expect(worst.count > 1000)
    #expect(worst.error <= entry.floatBound, "at \(worst.arguments)")
  }

  @Test func powers() throws {
    let doubles = try FunctionCase.worst("double-pow") { power($0[0], $0[1]) as Double }
    #expect(doubles.count > 4000)
    #expect(doubles.error <= 0.7, "at \(doubles.arguments)")
    let floats = try FunctionCase.worst("float-pow") { power($0[0], $0[1]) as Float }
    #expect(floats.count > 3000)
    #expect(floats.error <= 0.51, "at \(floats.arguments)")
  }

  @Test func cosinesOfTurns() throws {
    let worst = try FunctionCase.worst("double-cosTurns") { cosine(ofTurns: $0[0]) as Double }
    #expect(worst.error <= 0.8, "at \(worst.arguments)")
  }

  /// A result that is one unit off is beyond the bounds of every function.
  @Test(arguments: FunctionEntry.all)
  func findsOneUnit(_ entry: FunctionEntry) throws {
    let double = try FunctionCase.worst("double-\(entry.name)") { entry.double($0[0]).nextUp }
    #expect(double.error > entry.doubleBound)
    let float = try FunctionCase.worst("float-\(entry.name)") { entry.float($0[0]).nextUp }
    #expect(float.error > entry.floatBound)
  }

  /// A coefficient that is one float off changes results of `exp` beyond its bound.
  @Test func findsAWrongCoefficient() throws {
    let worst = try FunctionCase.worst("double-exp") { (x: [Double]) -> Double in
      // The term r³/6 with a coefficient rounded to a float.
      let n = (x[0] * 0x1.71547652b82fep0).rounded()
      let r = x[0] - n * 0x1.62e42fefa39efp-1
      return exponential(x[0]) * (1 + r * r * r * (Double(Float(1) / 6) - 1.0 / 6))
    }
    #expect(worst.error > 1)
  }
}
