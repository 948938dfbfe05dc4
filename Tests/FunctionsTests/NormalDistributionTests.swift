import Functions
import Testing

@Suite("The normal distribution") struct NormalDistributionTests {
  /// The error in units in the last place of the exact value, or of the least normal number.
  private static func error(_ value: Float, _ exact: Double) -> Double {
    (Double(value) - exact).magnitude / max(exact.ulp * 0x1p29, 0x1p-149)
  }

  @Test("is within its documented bounds of the functions in double")
  func accuracy() {
    var worst = (probability: 0.0, density: 0.0)
    for step in -130_000...130_000 {
      let x = Float(step) * 0x1.d7b5f8p-14
      let (probability, density) = normalDistribution(x)
      let exact = Double(x)
      worst.probability = max(
        worst.probability,
        NormalDistributionTests.error(
          probability, 0.5 * complementaryErrorFunction(-exact * 0.5.squareRoot())))
      worst.density = max(
        worst.density,
        NormalDistributionTests.error(
          density, exponential(-0.5 * exact * exact) * 0.3989422804014327))
    }
    #expect(worst.probability <= 8, "Φ")
    #expect(worst.density <= 3, "φ")
  }

  @Test("has the limits 0 and 1, and keeps NaN")
  func limits() {
    for x in [Float(15), 1e30, .greatestFiniteMagnitude, .infinity] {
      #expect(normalDistribution(x) == (1, 0) && normalDistribution(-x) == (0, 0))
    }
    #expect(normalDistribution(0).probability == 0.5 && normalDistribution(-0.0).probability == 0.5)
    #expect(normalDistribution(.nan).probability.isNaN && normalDistribution(.nan).density.isNaN)
  }
}
